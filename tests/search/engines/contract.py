"""What every engine has to do. A test module of an engine subclasses :class:`EngineContract` and names its engine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from django.db import transaction
from qudao_search.engines.contract import Engine
from qudao_search.entries.models import Entry
from qudao_search.testing import InMemorySource, dated
from qudao_search.text.rules import query_tokens
from qudao_search.values import Clause, Field, Matches, Phrase, Query

#: What would be syntax to one engine or another. Each is looked for as a token and has to be just that.
SYNTAX = (
    '"',
    "''",
    "\\",
    "a:b",
    "titles:lamp",
    "{titles} : lamp",
    "lamp*",
    "^lamp",
    "NEAR(a b)",
    "AND",
    "OR NOT",
    "-lamp",
    "+lamp",
    "a & b",
    "!lamp",
    "a <-> b",
    "lamp:*A",
    "(",
    "))",
    "[1 TO *]",
    "lamp~2",
    "/.*/",
    '{"match_all": {}}',
    "<script>",
    "'; DROP TABLE qudao_search_entry; --",
    "%s %(x)s ?",
    "\x00",
    "\x07\x1b",
    "\ud83d\ude00",
    "\U0001f600\ufe0f",
    "\u202e\u200b",
    "x" * 10_000,
)


def words(text: str, *, field: Field = "words", prefix: bool = False) -> Clause:
    return Clause((Phrase(field, tuple(query_tokens(text)), prefix=prefix),))


def question(*clauses: Clause, any_clause: bool = False) -> Query:
    return Query(clauses=clauses, any_clause=any_clause)


def asked(text: str, *, field: Field = "words", prefix: bool = False) -> Query:
    return question(words(text, field=field, prefix=prefix))


class EngineContract:
    """Subclasses give an ``engine`` fixture; one that is told of changes later overrides ``settle``."""

    @pytest.fixture
    def engine(self) -> Engine:
        raise NotImplementedError

    def settle(self) -> None:
        """Called after what was written has to be found."""

    def ask(self, engine: Engine, wanted: Query, **options: object) -> Matches:
        self.settle()
        return engine.ask(wanted, **({"groups": None} | options))  # type: ignore[arg-type]

    def found(self, engine: Engine, wanted: Query, **options: object) -> list[str]:
        """The items found, best first."""
        matches = self.ask(engine, wanted, **options).matches
        items = dict(Entry.objects.values_list("pk", "item"))
        return [items[match.entry_id] for match in matches]

    def items(self, engine: Engine, text: str, **options: object) -> set[str]:
        return set(self.found(engine, asked(text, **options)))  # type: ignore[arg-type]

    # --- what is found ---

    def test_a_han_phrase_is_found_inside_a_run_and_not_across_runs(
        self, engine: Engine, products: InMemorySource
    ) -> None:
        products.put("1", {"zh-hans": "工业级以太网交换机"})
        products.put("2", {"zh-hans": "交流 换代 机"})
        products.put("3", {"zh-hans": "网络交换 机柜"})
        assert self.items(engine, "交换机") == {"1"}
        assert self.items(engine, "以太网交换机") == {"1"}
        assert self.items(engine, "交换") == {"1", "3"}

    def test_one_han_character_is_found_by_its_beginning(
        self, engine: Engine, products: InMemorySource
    ) -> None:
        products.put("1", {"zh-hans": "电机"})
        products.put("2", {"zh-hans": "机床"})
        products.put("3", {"zh-hans": "水泵"})
        assert self.items(engine, "机", prefix=True) == {"1", "2"}

    def test_words_are_looked_for_in_titles_keywords_and_texts(
        self, engine: Engine, products: InMemorySource
    ) -> None:
        products.put("title", "Copper cable")
        products.put("keyword", "Thing", keywords=("Copper",))
        products.put("text", "Thing", texts={"en": "Made of copper."})
        products.put("code", "Thing", codes=("COPPER",))
        assert self.items(engine, "copper") == {"title", "keyword", "text"}
        assert self.items(engine, "copper", field="titles") == {"title"}
        assert self.items(engine, "copper", field="codes") == {"code"}

    def test_a_phrase_stands_together_and_in_order(self, engine: Engine, products: InMemorySource) -> None:
        products.put("1", "Cable gland brass")
        products.put("2", "Gland for cable, brass")
        products.put("3", "Cable tie, gland")
        assert self.items(engine, "cable gland") == {"1"}

    def test_every_clause_counts_or_any(self, engine: Engine, products: InMemorySource) -> None:
        products.put("1", "Red lamp")
        products.put("2", "Blue lamp")
        products.put("3", "Blue chair")
        both = (words("blue"), words("lamp"))
        assert self.found(engine, question(*both)) == ["2"]
        assert set(self.found(engine, question(*both, any_clause=True))) == {"1", "2", "3"}

    def test_a_hint_finds_nothing_and_decides_between_equals(
        self, engine: Engine, products: InMemorySource
    ) -> None:
        products.put("1", "Lamp")
        products.put("2", "Lamp for kitchens")
        products.put("3", "Kitchens")
        hint = replace(words("kitchens"), is_hint=True)
        wanted = question(words("lamp"), hint, any_clause=True)
        for order in ("relevance", "newest"):
            assert set(self.found(engine, wanted, order=order)) == {"1", "2"}
        assert self.found(engine, wanted)[0] == "2"
        assert sum(self.ask(engine, wanted).counts.values()) == 2

    def test_a_clause_is_answered_by_any_of_its_phrases(
        self, engine: Engine, products: InMemorySource
    ) -> None:
        products.put("1", "Torch")
        products.put("2", "Lamp")
        products.put("3", "Chair")
        either = Clause((Phrase("words", ("lamp",)), Phrase("words", ("torch",))))
        assert set(self.found(engine, question(either))) == {"1", "2"}

    def test_what_answers_the_whole_question_needs_no_clause(
        self, engine: Engine, products: InMemorySource
    ) -> None:
        products.put("1", "Lamp", codes=("QX-2048-A",))
        products.put("2", "qx 2048")
        wanted = Query(
            clauses=(words("qx"), words("2048")), whole=(Phrase("codes", ("qx2048a",)), Phrase("codes", ()))
        )
        assert set(self.found(engine, wanted)) == {"1", "2"}

    def test_a_part_number_is_found_by_any_part_of_it(self, engine: Engine, products: InMemorySource) -> None:
        products.put("1", "Lamp", codes=("QX-2048-A",))
        products.put("2", "Lamp", codes=("QX-2049-A",))
        for part in ("qx2048a", "2048", "x20", "48a"):
            wanted = question(Clause((Phrase("fragments", (part,), prefix=True),)))
            assert "1" in self.found(engine, wanted), part
        assert self.items(engine, "QX-2048-A", field="words") == set()
        assert self.found(engine, question(Clause((Phrase("codes", ("qx2048a",)),)))) == ["1"]

    def test_sounds_and_fragments_are_not_mixed_up(self, engine: Engine, products: InMemorySource) -> None:
        products.put("sound", {"zh-hans": "交换机"})
        products.put("code", "Thing", codes=("JHJ",))
        sound = question(Clause((Phrase("sounds", ("jhj",), prefix=True),)))
        fragment = question(Clause((Phrase("fragments", ("jhj",), prefix=True),)))
        assert self.found(engine, sound) == ["sound"]
        assert self.found(engine, fragment) == ["code"]
        assert self.found(engine, question(Clause((Phrase("sounds", ("huanji",), prefix=True),)))) == [
            "sound"
        ]

    def test_the_last_token_of_a_phrase_may_go_on(self, engine: Engine, products: InMemorySource) -> None:
        products.put("1", "Cable glands")
        assert self.items(engine, "cable gla", prefix=True) == {"1"}
        assert self.items(engine, "cable gla") == set()

    def test_nothing_answers_a_clause_without_tokens(self, engine: Engine, products: InMemorySource) -> None:
        products.put("1", "Lamp")
        empty = Clause((Phrase("words", ()),))
        assert self.found(engine, question(words("lamp"), empty)) == []
        assert self.found(engine, question(words("lamp"), empty, any_clause=True)) == ["1"]
        assert self.ask(engine, question(empty)).counts == {}

    def test_an_empty_question_matches_everything(self, engine: Engine, products: InMemorySource) -> None:
        products.put("1", "Lamp")
        products.put("2", "")
        assert set(self.found(engine, Query())) == {"1", "2"}

    def test_a_long_text_is_found_to_its_end(self, engine: Engine, products: InMemorySource) -> None:
        products.put("1", "Manual", texts={"en": "lorem ipsum dolor " * 9_000 + "needle in it"})
        assert self.items(engine, "needle in it") == {"1"}
        assert self.found(engine, question(words("manual"), words("needle"))) == ["1"]
        counts = self.ask(engine, asked("ipsum")).counts
        assert sum(counts.values()) == 1

    # --- counts, groups, stretches ---

    def test_groups_are_counted_whichever_are_asked_for(
        self, engine: Engine, products: InMemorySource
    ) -> None:
        for number, line in enumerate(("red", "red", "blue"), start=1):
            products.put(str(number), "Lamp", facets={"line": (line,)})
        products.put("4", "Chair", facets={"line": ("red",)})
        groups = dict(Entry.objects.values_list("item", "group"))
        only_blue = self.ask(engine, asked("lamp"), groups={groups["3"]})
        assert only_blue.counts == {groups["1"]: 2, groups["3"]: 1}
        assert self.found(engine, asked("lamp"), groups={groups["3"]}) == ["3"]
        assert self.found(engine, asked("lamp"), groups=set()) == []
        assert self.ask(engine, asked("lamp"), groups=set()).counts == only_blue.counts
        assert self.ask(engine, Query(), groups=set()).counts == {groups["1"]: 3, groups["3"]: 1}

    def test_without_a_limit_only_counts_are_given(self, engine: Engine, products: InMemorySource) -> None:
        products.put("1", "Lamp")
        found = self.ask(engine, asked("lamp"), limit=0)
        assert (sum(found.counts.values()), found.matches) == (1, ())

    @pytest.mark.parametrize("order", ["relevance", "newest"])
    def test_pages_never_overlap(self, engine: Engine, products: InMemorySource, order: str) -> None:
        for number in range(25):
            products.put(str(number), "Lamp", dated_at=dated(2026) if number % 2 else None)
        seen: list[str] = []
        for offset in range(0, 25, 10):
            page = self.found(engine, asked("lamp"), order=order, offset=offset, limit=10)
            assert len(page) == min(10, 25 - offset)
            seen += page
        assert sorted(seen) == sorted(map(str, range(25)))
        assert seen == self.found(engine, asked("lamp"), order=order, limit=25)

    @pytest.mark.parametrize("wanted", [asked("lamp"), Query()], ids=["a word", "everything"])
    def test_newest_first_and_what_has_no_date_last(
        self, engine: Engine, products: InMemorySource, wanted: Query
    ) -> None:
        products.put("old", "Lamp", dated_at=dated(2024))
        products.put("none", "Lamp")
        products.put("new", "Lamp", dated_at=dated(2026, 5))
        assert self.found(engine, wanted, order="newest") == ["new", "old", "none"]

    def test_the_question_can_be_narrowed_to_entries(self, engine: Engine, products: InMemorySource) -> None:
        for item in "123":
            products.put(item, "Lamp")
        keys = dict(Entry.objects.values_list("item", "pk"))
        for wanted in (asked("lamp"), Query()):
            found = self.ask(engine, wanted, narrow_to=[keys["1"], keys["3"]])
            assert {match.entry_id for match in found.matches} == {keys["1"], keys["3"]}
            assert sum(found.counts.values()) == 2
        assert self.ask(engine, asked("lamp"), narrow_to=[]).counts == {}

    def test_each_clause_is_counted_by_itself_among_the_groups_asked_for(
        self, engine: Engine, products: InMemorySource
    ) -> None:
        for number, line in enumerate(("red", "red", "blue"), start=1):
            products.put(str(number), "Lamp" if number < 3 else "Lamp chair", facets={"line": (line,)})
        self.settle()
        groups = dict(Entry.objects.values_list("item", "group"))
        clauses = [words("lamp"), Clause((Phrase("words", ()),)), words("chair"), words("sofa")]
        everywhere = engine.frequencies(clauses, groups=set(groups.values()), most=2)
        assert everywhere == [2, 0, 1, 0]
        assert engine.frequencies(clauses, groups={groups["1"]}, most=9) == [2, 0, 0, 0]
        assert engine.frequencies(clauses, groups=set(), most=9) == [0, 0, 0, 0]
        assert engine.frequencies([], groups=set(groups.values()), most=9) == []

    # --- order ---

    def test_part_numbers_before_titles_before_texts(self, engine: Engine, products: InMemorySource) -> None:
        products.put(
            "text", "Thing", texts={"en": "It also fits the motor qx2048a of the older series. " * 3}
        )
        products.put("title", "Holder qx2048a")
        products.put("code", "Motor", codes=("QX2048A",))
        tokens = tuple(query_tokens("qx2048a"))
        wanted = question(Clause((Phrase("words", tokens), Phrase("codes", ("qx2048a",)))))
        assert self.found(engine, wanted) == ["code", "title", "text"]

    def test_boost_lifts(self, engine: Engine, products: InMemorySource) -> None:
        products.put("plain", "Lamp")
        products.put("lifted", "Lamp", boost=3.0)
        products.put("lowered", "Lamp", boost=0.2)
        assert self.found(engine, asked("lamp")) == ["lifted", "plain", "lowered"]

    def test_scores_name_what_matches(self, engine: Engine, products: InMemorySource) -> None:
        products.put("1", "Lamp")
        products.put("2", "Chair")
        self.settle()
        keys = dict(Entry.objects.values_list("item", "pk"))
        assert list(engine.scores(asked("lamp"), list(keys.values()))) == [keys["1"]]

    # --- change ---

    def test_a_change_is_seen_and_what_was_is_not(self, engine: Engine, products: InMemorySource) -> None:
        products.put("1", "Lamp", codes=("QX-1",), facets={"line": ("red",)})
        products.change("1", titles={"en": "Torch"}, codes=("QX-2",), facets={"line": ("blue",)})
        assert self.items(engine, "lamp") == set()
        assert self.items(engine, "torch") == {"1"}
        assert self.ask(engine, asked("torch")).counts == {Entry.objects.get().group_id: 1}
        assert self.found(engine, question(Clause((Phrase("codes", ("qx1",)),)))) == []

    def test_what_is_taken_away_is_gone(self, engine: Engine, products: InMemorySource) -> None:
        products.put("1", "Lamp")
        products.put("2", "Lamp")
        products.take("1")
        assert self.found(engine, asked("lamp")) == ["2"]
        assert sum(self.ask(engine, Query()).counts.values()) == 1

    def test_what_is_rolled_back_leaves_no_trace(self, engine: Engine, products: InMemorySource) -> None:
        products.put("1", "Lamp")
        with pytest.raises(RuntimeError), transaction.atomic():
            products.put("2", "Lamp")
            products.change("1", titles={"en": "Torch"})
            raise RuntimeError
        assert self.found(engine, asked("lamp")) == ["1"]
        assert self.items(engine, "torch") == set()

    # --- what is no syntax ---

    @pytest.mark.parametrize("text", SYNTAX, ids=range(len(SYNTAX)))
    def test_tokens_are_never_syntax(self, engine: Engine, products: InMemorySource, text: str) -> None:
        products.put("1", "Lamp", texts={"en": "a b titles match_all script"}, codes=("LAMP-1",))
        fields: Sequence[Field] = ("words", "titles", "codes", "fragments", "sounds")
        for prefix in (False, True):
            phrases = tuple(Phrase(field, (text,), prefix=prefix) for field in fields)
            wanted = Query(clauses=(Clause(phrases),), whole=(Phrase("words", ("x", text)),))
            assert isinstance(self.ask(engine, wanted), Matches)
        assert self.items(engine, "lamp") == {"1"}
