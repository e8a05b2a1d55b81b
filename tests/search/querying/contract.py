"""What the search does for whoever asks, on every engine. A test module of an engine subclasses it.

The people: a buyer with the keys ``everyone`` and ``gold``, a colleague with ``everyone`` only, the parent company with
``everyone`` and ``parent``, and a stranger without any key.
"""

from __future__ import annotations

import json
from typing import Any

import pytest
from qudao_core.errors import Refusal
from qudao_search import api as search
from qudao_search.api import SearchRequest, SearchResult
from qudao_search.entries import group_cache
from qudao_search.hooks import AccessRule, policies
from qudao_search.testing import POLICY, InMemorySource, Person, dated
from qudao_search.values import DEEPEST, LONGEST_QUESTION, WINDOW

BUYER = Person(keys=frozenset({"everyone", "gold"}))
COLLEAGUE = Person(keys=frozenset({"everyone"}))
PARENT = Person(keys=frozenset({"everyone", "parent"}))
STRANGER = Person(keys=frozenset())
CHINESE = Person(language="zh-hans")

#: What somebody may type who means no harm, or does. The answer is hits, none, or a problem with a code.
TYPED = (
    "",
    "   \t ",
    "?!…，。",
    "\U0001f600\U0001f525",
    "\U0001f600 lamp",
    "\x00\x01\x1b[31m",
    "lamp\x00",
    "\ud83d",
    "\u202elamp\u202c",
    '"lamp',
    "'lamp'",
    "lamp*",
    "^lamp$",
    "titles : lamp",
    "lamp AND NOT lamp",
    "NEAR(lamp lamp, 2)",
    "lamp & !lamp | (lamp <-> lamp):*A",
    "lamp:AB",
    "title:(lamp OR *) AND _exists_:codes",
    "lamp~2 +lamp -lamp [a TO z] {a TO z} lamp^4",
    "/la.*p/",
    '{"query": {"match_all": {}}}',
    "'; DROP TABLE qudao_search_entry; --",
    "1) OR 1=1 --",
    "%s %(a)s {} {0} ${x} <b>lamp</b>",
    "a" * LONGEST_QUESTION,
    "灯" * LONGEST_QUESTION,
    "1-" * (LONGEST_QUESTION // 2),
    "la " * 66,
)


class SearchContract:
    """Subclasses give an autouse fixture that sets the engine, and ``settle`` where changes take a moment."""

    def settle(self) -> None:
        """Called after what was written has to be found."""

    def ask(self, reader: Person, text: str = "", **more: Any) -> SearchResult:
        self.settle()
        return search.search(reader, SearchRequest(text, **more))

    def items(self, reader: Person, text: str = "", **more: Any) -> list[str]:
        return [hit.item for hit in self.ask(reader, text, **more).hits]

    # --- who finds what ---

    def test_people_find_what_is_open_to_them(self, products: InMemorySource) -> None:
        products.put("all", "Lamp")
        products.put("gold", "Lamp gold", access=["gold"])
        products.put("parent", "Lamp parent", access=["parent"])
        products.put("either", "Lamp either", access=["gold", "parent"])
        products.put("nobody", "Lamp nobody", access=[])
        assert set(self.items(BUYER, "lamp")) == {"all", "gold", "either"}
        assert set(self.items(COLLEAGUE, "lamp")) == {"all"}
        assert set(self.items(PARENT, "lamp")) == {"all", "parent", "either"}
        assert self.items(STRANGER, "lamp") == []

    def test_what_is_closed_is_in_no_count_facet_kind_suggestion_or_correction(
        self, products: InMemorySource, topics: InMemorySource
    ) -> None:
        products.put("open", "Lamp", facets={"line": ("lighting",)})
        products.put("closed", "Lamp secretive", access=["gold"], facets={"line": ("secret",)})
        topics.put("closed", "Lamp handbook secretive", access=["gold"])
        seen = self.ask(COLLEAGUE, "lamp")
        assert seen.total == 1
        assert [(kind.value, kind.count) for kind in seen.kinds] == [("product", 1)]
        assert [value.value for facet in seen.facets for value in facet.values] == ["lighting"]
        for typed in ("secretive", "secretiev", "secretivee handbok"):
            nothing = self.ask(COLLEAGUE, typed)
            assert (nothing.total, nothing.corrected, nothing.did_you_mean, nothing.partial) == (
                0,
                "",
                (),
                False,
            )
            assert nothing.kinds == nothing.facets == ()
        for typed in ("lamp secretivee", "does a lamp have secretivee"):
            assert [hit.item for hit in self.ask(COLLEAGUE, typed).hits] == ["open"]
            assert self.ask(COLLEAGUE, typed).corrected == "", typed
            assert self.ask(BUYER, typed).corrected == typed.replace("secretivee", "secretive"), typed
        assert search.suggest(COLLEAGUE, "secr") == []
        assert [each.kind for each in search.suggest(BUYER, "secr")] == ["product", "topic"]
        assert self.ask(BUYER, "secretiev").corrected == "secretive"

    def test_a_policy_that_changes_its_mind_counts_at_once(self, products: InMemorySource) -> None:
        products.put("1", "Lamp")
        assert self.items(COLLEAGUE, "lamp") == ["1"]
        policies.unregister(POLICY)
        policies.register(POLICY, lambda reader, rules: [False] * len(rules))
        assert self.items(COLLEAGUE, "lamp") == []
        assert search.suggest(COLLEAGUE, "lam") == []

    def test_a_policy_nobody_registered_opens_nothing(self, products: InMemorySource) -> None:
        products.lay("1", "Lamp")
        products.put("2", "Lamp")
        products.change("1", access=(AccessRule("unheard-of", frozenset({"everyone"})),))
        assert self.items(BUYER, "lamp") == ["2"]

    def test_an_entry_that_moves_to_other_people(self, products: InMemorySource) -> None:
        products.put("1", "Lamp")
        assert self.items(COLLEAGUE, "lamp") == ["1"]
        products.change("1", access=(AccessRule(POLICY, frozenset({"gold"})),))
        assert self.ask(COLLEAGUE, "lamp").total == 0
        assert self.items(BUYER, "lamp") == ["1"]

    def test_what_has_no_card_is_neither_shown_nor_counted(self, products: InMemorySource) -> None:
        products.put("1", "Lamp", facets={"line": ("red",)})
        products.put("2", "Lamp", facets={"line": ("red",)})
        products.hidden.add("2")
        result = self.ask(BUYER, "lamp")
        assert ([hit.item for hit in result.hits], result.total) == (["1"], 1)
        assert result.kinds[0].count == result.facets[0].values[0].count == 1
        assert [suggestion.url for suggestion in search.suggest(BUYER, "lam")] == ["/product/1/"]

    def test_a_kind_without_its_source_is_not_there(self, products: InMemorySource) -> None:
        from qudao_search.hooks import sources  # noqa: PLC0415 - taken away in this test

        products.put("1", "Lamp")
        sources.unregister("product")
        assert self.ask(BUYER, "lamp").total == 0

    def test_readers_find_what_is_meant_for_their_language(self, products: InMemorySource) -> None:
        products.put("both", "Lamp")
        products.put("en", "Lamp", languages=("en",))
        products.put("zh", "Lamp", languages=("zh-hans",))
        assert set(self.items(COLLEAGUE, "lamp")) == {"both", "en"}
        assert set(self.items(CHINESE, "lamp")) == {"both", "zh"}

    # --- kinds, facets, order, pages ---

    def test_kinds_are_counted_under_the_filters_and_stay_when_one_is_chosen(
        self, products: InMemorySource, topics: InMemorySource
    ) -> None:
        products.put("1", "Lamp")
        products.put("2", "Lamp")
        topics.put("3", "Lamp")
        result = self.ask(BUYER, "lamp", kinds=("topic",))
        assert [(each.value, each.label, each.count, each.selected) for each in result.kinds] == [
            ("product", "Products", 2, False),
            ("topic", "Topics", 1, True),
        ]
        assert (result.total, [hit.kind for hit in result.hits]) == (1, ["topic"])

    def test_a_facet_is_counted_without_its_own_choice(self, products: InMemorySource) -> None:
        for item, line, ip in (
            ("1", "red", "20"),
            ("2", "red", "44"),
            ("3", "blue", "44"),
            ("4", "blue", "20"),
        ):
            products.put(item, "Lamp", facets={"line": (line,), "ip": (ip,)})
        products.put("5", "Lamp", facets={"line": ("green",), "ip": ("65",)})
        result = self.ask(BUYER, "lamp", facets={"line": ("red",), "ip": ("20", "44")})
        counts = {
            facet.key: {value.value: (value.count, value.selected) for value in facet.values}
            for facet in result.facets
        }
        assert result.total == 2
        assert counts["line"] == {"red": (2, True), "blue": (2, False)}
        assert counts["ip"] == {"20": (1, True), "44": (1, True)}

    def test_a_chosen_value_stays_visible_when_nothing_has_it(self, products: InMemorySource) -> None:
        products.put("1", "Lamp", facets={"line": ("red",)})
        result = self.ask(BUYER, "lamp", facets={"line": ("violet",)})
        assert result.total == 0
        assert [(each.value, each.count, each.selected) for each in result.facets[0].values] == [
            ("red", 1, False),
            ("violet", 0, True),
        ]

    def test_the_part_number_typed_comes_first(self, products: InMemorySource) -> None:
        products.put("holder", "Holder for QX-2048-A", codes=("HD-1",))
        products.put("lamp", "Lamp", codes=("OLD-7", "QX-2048-A"))
        for typed in ("QX-2048-A", "qx2048a", "ｑｘ ２０４８ ａ"):
            result = self.ask(BUYER, typed)
            assert (result.hits[0].item, result.hits[0].code) == ("lamp", "QX-2048-A"), typed

    def test_newest_and_everything(self, products: InMemorySource, topics: InMemorySource) -> None:
        products.put("old", "Lamp", dated_at=dated(2024))
        topics.put("new", "Lamp", dated_at=dated(2026))
        products.put("none", "Chair")
        assert self.items(BUYER, "lamp", sort="newest") == ["new", "old"]
        assert self.items(BUYER) == ["new", "old", "none"]
        assert self.items(BUYER, kinds=("product",)) == ["old", "none"]

    def test_by_own_price(self, products: InMemorySource) -> None:
        for item, price in (("1", 300), ("2", 100), ("3", None), ("4", 200)):
            products.put(item, "Lamp")
            if price:
                products.prices[item] = price
        assert self.items(BUYER, "lamp", kinds=("product",), sort="price") == ["2", "4", "1", "3"]
        assert self.items(BUYER, "lamp", kinds=("product",), sort="-price", page_size=2) == ["1", "4"]
        assert self.items(BUYER, "lamp", kinds=("product",), sort="-price", page_size=2, page=2) == ["2", "3"]

    def test_pages_over_the_window_lose_and_repeat_nothing(self, products: InMemorySource) -> None:
        for number in range(WINDOW + 25):
            products.lay(str(number), f"Lamp {number % 7}")
        search.update(kind="product", items=products.items())
        seen: list[str] = []
        for page in range(1, 9):
            result = self.ask(BUYER, "lamp", page=page, page_size=30)
            assert (result.total, result.pages) == (WINDOW + 25, 8)
            assert [hit.position for hit in result.hits] == list(
                range(len(seen) + 1, len(seen) + len(result.hits) + 1)
            )
            seen += [hit.item for hit in result.hits]
        assert sorted(seen) == sorted(products.items())
        assert self.ask(BUYER, "lamp", page=20).hits == ()
        for page in (1, 8):
            assert all(hit.score > 0 for hit in self.ask(BUYER, "lamp", page=page, page_size=30).hits)
        assert {hit.score for hit in self.ask(BUYER, "lamp", sort="newest").hits} == {0}

    # --- words ---

    def test_marks_stand_on_the_original_words(self, products: InMemorySource) -> None:
        products.put(
            "1", {"zh-hans": "工业級交換機 ＱＸ"}, texts={"zh-hans": "此交换机有八个端口。", "en": "No."}
        )
        hit = self.ask(CHINESE, "交换机").hits[0]
        assert [(piece.text, piece.marked) for piece in hit.title] == [
            ("工业級", False),
            ("交換機", True),
            (" ＱＸ", False),
        ]
        assert [piece.text for piece in hit.excerpt if piece.marked] == ["交换机"]

    def test_nearest_words_are_searched_for_instead(self, products: InMemorySource) -> None:
        products.put("1", "Ethernet switch")
        result = self.ask(BUYER, "ethernet swicth")
        assert (result.corrected, [hit.item for hit in result.hits]) == ("ethernet switch", ["1"])

    def test_some_of_the_words_when_not_all_are_found(self, products: InMemorySource) -> None:
        products.put("1", {"zh-hans": "岚禾 紧凑型 射灯"})
        products.put("2", {"zh-hans": "岚禾 射灯"})
        assert not self.ask(CHINESE, "紧凑型射灯").partial
        result = self.ask(CHINESE, "紧凑型射灯 zzqqxx")
        assert result.partial
        assert [hit.item for hit in result.hits][0] == "1"
        assert self.ask(CHINESE, "射灯 zzqqxx").total == 2
        assert self.ask(CHINESE, "zzqqxx").total == 0

    @pytest.mark.parametrize("text", ["宝马", "电钻", "丰田汽车", "特斯拉"])
    def test_single_characters_of_a_word_find_nothing(self, products: InMemorySource, text: str) -> None:
        products.put("1", {"zh-hans": "电表 宝石灯 丰收 斯文 车灯"}, texts={"zh-hans": "马上钻孔，汽水。"})
        assert self.ask(CHINESE, text).total == 0

    def test_characters_of_a_word_decide_between_what_other_words_find(
        self, products: InMemorySource
    ) -> None:
        products.put("1", {"zh-hans": "吸顶灯"})
        products.put("2", {"zh-hans": "厨卫灯"})
        assert self.ask(CHINESE, "厨房的灯").hits[0].item == "2"

    def test_what_has_the_words_in_one_passage_comes_first(self, topics: InMemorySource) -> None:
        topics.put("1", "Cables", texts={"en": "Water and heaters.\nMore.\nMore.\nThe kettle is not one."})
        topics.put("2", "Sockets", texts={"en": "More.\nWater heaters and kettles need 16 A.\nMore."})
        found = self.ask(BUYER, "which socket for a water heater and a kettle")
        assert [hit.item for hit in found.hits] == ["2", "1"]

    def test_a_slip_in_a_sentence_is_mended(self, products: InMemorySource) -> None:
        products.put("1", "Touch switch", texts={"en": "Works without a neutral wire."})
        products.put("2", "Neutral link")
        found = self.ask(BUYER, "does a touch swich need neutral")
        assert (found.hits[0].item, found.corrected) == ("1", "does a touch switch need neutral")

    @pytest.mark.parametrize(
        ("text", "title"),
        [
            ("my strip is not working", "Strip faults"),
            ("how do I hang a strip", "Fitting strips"),
            ("which strip is better", "Choosing strips"),
            ("strip how many kelvin", "Strips: colour temperature"),
        ],
    )
    def test_what_a_question_is_after_decides_between_titles(
        self, topics: InMemorySource, text: str, title: str
    ) -> None:
        for number, each in enumerate(
            ("Strips", "Strip faults", "Fitting strips", "Choosing strips", "Strips: colour temperature")
        ):
            topics.put(str(number), each)
        found = self.ask(BUYER, text)
        assert "".join(piece.text for piece in found.hits[0].title) == title
        assert found.total == 5

    def test_what_the_thing_is_to_be_without_counts_for_less(self, products: InMemorySource) -> None:
        products.put("1", "Wall light")
        products.put("2", "Sensor light")
        products.put("3", "Brass sensor")
        products.put("4", "Wall sensor box")
        found = self.ask(BUYER, "wall light brass, no sensor")
        assert found.hits[0].item == "1"

    def test_a_higher_degree_of_protection_will_do(self, products: InMemorySource) -> None:
        products.put("1", "Sealed strip", texts={"en": "IP67"})
        products.put("2", "Bare strip", texts={"en": "IP20"})
        assert [hit.item for hit in self.ask(BUYER, "strip IP65 zzqqxx").hits] == ["1", "2"]

    def test_the_back_office_finds_everything_of_a_kind(
        self, products: InMemorySource, topics: InMemorySource
    ) -> None:
        products.put("1", {"zh-hans": "交换机 8口"}, access=["gold"])
        products.put("2", "Cable")
        topics.put("3", {"zh-hans": "交换机"})
        self.settle()
        for text in ("8 口 交換機", "jiaohuanji"):
            assert search.everything_of("product", text) == ("1",)
        assert search.everything_of("product", "…") == ()
        assert search.everything_of("product", "交换机 路由") == ()

    def test_topics_come_first_where_a_question_is_asked(
        self, products: InMemorySource, topics: InMemorySource
    ) -> None:
        products.put("1", "Breaker trip test kit")
        topics.put("2", "It trips: finding the fault", texts={"en": "A breaker that trips."})
        topics.answers = True
        try:
            assert self.ask(BUYER, "why does my breaker keep tripping").hits[0].item == "2"
            assert self.ask(BUYER, "breaker trip").hits[0].item == "1"
        finally:
            topics.answers = False

    def test_a_question_finds_what_this_process_never_met(self, products: InMemorySource) -> None:
        group_cache.clear()
        products.put("1", "Two-way switch")
        assert self.ask(BUYER, "how do I wire a switch").total == 1

    def test_what_only_texts_say_stands_behind_what_is_called_so(self, products: InMemorySource) -> None:
        products.put("1", {"zh-hans": "低压灯带"}, texts={"zh-hans": "LED 光源。可配筒灯。"})
        products.put("2", {"zh-hans": "嵌入式筒灯"})
        assert self.ask(CHINESE, "led筒灯").hits[0].item == "2"

    def test_a_list_of_one_kind_is_not_content_with_another(
        self, products: InMemorySource, topics: InMemorySource
    ) -> None:
        """Every word in the handbook is no reason to show no products."""
        products.put("1", {"zh-hans": "明装筒灯"})
        topics.put("2", {"zh-hans": "LED 筒灯 的 选择"})
        self.settle()
        found = search.matching(CHINESE, "led筒灯", "product")
        assert (found.items, found.partial) == (("1",), True)

    # --- bad input ---

    @pytest.mark.parametrize("text", TYPED, ids=range(len(TYPED)))
    def test_whatever_is_typed_is_answered(self, products: InMemorySource, text: str) -> None:
        products.put("1", "Lamp", texts={"en": "query match all drop table"})
        products.put("2", "Chair", access=["gold"])
        result = self.ask(COLLEAGUE, text)
        assert {hit.item for hit in result.hits} <= {"1"}
        assert result.total == len(result.hits)
        for suggestion in search.suggest(COLLEAGUE, text):
            assert suggestion.url in ("", "/product/1/")

    @pytest.mark.parametrize("text", ["?!…，。", "\U0001f600", "\x00", "、"])
    def test_punctuation_and_pictures_alone_find_nothing(self, products: InMemorySource, text: str) -> None:
        products.put("1", "Lamp")
        assert self.ask(BUYER, text).total == 0

    @pytest.mark.parametrize(
        ("asked", "code", "field"),
        [
            ({"text": "x" * (LONGEST_QUESTION + 1)}, "too_long", "q"),
            ({"text": "灯" * 10_000}, "too_long", "q"),
            ({"text": "lamp", "kinds": ("product", "nothing")}, "unknown_kind", "kind"),
            ({"text": "lamp", "facets": {"colour'; --": ("red",)}}, "unknown_facet", "facet_colour'; --"),
            ({"text": "lamp", "sort": "best"}, "unknown_sort", "sort"),
            ({"text": "lamp", "sort": "price"}, "unknown_sort", "sort"),
            ({"text": "lamp", "sort": "price", "kinds": ("product", "topic")}, "unknown_sort", "sort"),
            ({"text": "lamp", "page": 0}, "invalid_page", "page"),
            ({"text": "lamp", "page": -1}, "invalid_page", "page"),
            ({"text": "lamp", "page_size": 0}, "invalid_page", "page"),
            ({"text": "lamp", "page_size": 101}, "invalid_page", "page"),
            ({"text": "lamp", "page": DEEPEST // 20 + 1}, "too_deep", "page"),
            ({"text": "lamp", "page": 10**18}, "too_deep", "page"),
        ],
    )
    def test_what_cannot_be_answered_says_why(
        self, products: InMemorySource, asked: dict[str, Any], code: str, field: str
    ) -> None:
        products.put("1", "Lamp", facets={"line": ("red",)})
        with pytest.raises(Refusal) as refused:
            search.search(BUYER, SearchRequest(**asked))
        assert (refused.value.code, refused.value.problem.field) == (code, field)
        assert "%(" not in str(refused.value.message)
        json.dumps(dict(refused.value.problem.params))

    def test_the_deepest_page_is_still_answered(self, products: InMemorySource) -> None:
        products.put("1", "Lamp")
        assert self.ask(BUYER, "lamp", page=DEEPEST // 20).hits == ()
        assert self.ask(BUYER, "lamp", page=DEEPEST // 20, sort="newest").hits == ()

    def test_values_nobody_has_find_nothing(self, products: InMemorySource) -> None:
        products.put("1", "Lamp", facets={"line": ("red",)})
        assert self.ask(BUYER, "lamp", facets={"line": ("' OR 1=1", "\x00", "\U0001f600")}).total == 0
