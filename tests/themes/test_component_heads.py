"""Every component says at its head what it may be given."""

import re
from pathlib import Path

import pytest
from qudao_themes import __file__ as themes

COMPONENTS = sorted((Path(themes).parent / "templates/qudao_themes/components").glob("*.html"))
TOKEN = re.compile(r"\{%(.*?)%\}|\{\{(.*?)\}\}")
HEAD = re.compile(r"\{% comment %\}(.*?)\{% endcomment %\}", re.DOTALL)
LITERAL = re.compile(r'_?\(?"[^"]*"\)?|_?\(?\'[^\']*\'\)?')
#: A name where a value stands: not an attribute, not a filter, not the left side of an argument.
NAME = re.compile(r"(?<![\w.|-])([a-z]\w*)(?![\w-]*=(?!=))(?!\()")
KEYWORDS = (
    "and or not in is None True False as asvar by with only count trimmed context from for forloop plural"
)
WORDS = set(KEYWORDS.split())

pytestmark = pytest.mark.any_database


def names_it_takes(source: str) -> set[str]:
    """The names a template uses that it has not set itself."""
    taken: set[str] = set()
    own: set[str] = set()
    for tag, variable in TOKEN.findall(HEAD.sub("", source)):
        expression = LITERAL.sub(" ", tag or f"show {variable}").replace("|", " |")
        name, _, rest = expression.strip().partition(" ")
        if name in {"load", "block", "endblock", "extends"}:
            continue
        set_here = set(re.findall(r"\bas(?:var)? (\w+)", rest))
        if name == "for":
            before, _, rest = rest.partition(" in ")
            set_here |= set(re.findall(r"\w+", before))
        if name in {"with", "blocktranslate"}:
            set_here |= set(re.findall(r"(\w+)=(?!=)", rest))
        rest = re.sub(r"\bas(?:var)? \w+|\w+=(?!=)", " ", rest)
        taken |= set(NAME.findall(rest)) - WORDS - own
        own |= set_here
    return taken


def test_the_reading_of_a_template_finds_what_it_takes() -> None:
    source = """{% load qudao %}{% if kind == "info" and not page.last %}{{ label|default:other }}{% endif %}
    {% for each, more in rows %}{{ each.name }}{% endfor %}
    {% with unit=unit|upper %}{{ unit }}{% endwith %}
    {% component "icon" name=sign size="sm" %}
    {% blocktranslate with text=said|upper %}{{ text }} {{ free }}{% endblocktranslate %}"""
    assert names_it_takes(source) == {
        "kind",
        "page",
        "label",
        "other",
        "rows",
        "sign",
        "said",
        "free",
        "unit",
    }


@pytest.mark.parametrize("path", COMPONENTS, ids=lambda path: path.stem)
def test_a_component_names_its_parameters_at_its_head(path: Path) -> None:
    source = path.read_text("utf-8")
    head = HEAD.search(source[:1500])
    taken = names_it_takes(source)
    said = set(re.findall(r"[a-z]\w*", head.group(1))) if head else set()
    assert taken - said == set(), f"{path.name}: add these to the comment at its head"
