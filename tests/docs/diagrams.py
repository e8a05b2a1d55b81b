"""Pictures of the architecture, made from what they show: floors from the import contract, data from the models.

`python -m tests.docs.diagrams` writes them; `tests/docs/test_diagrams.py` fails when one is out of date.
"""

import configparser
import importlib
import os
import re
import sys
from collections.abc import Iterator
from html import escape
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
FLOORS = ROOT / "docs" / "images" / "floors.svg"
DATA_MODEL = ROOT / "docs" / "reference" / "data-model.md"

WIDTH, MARGIN, LINE, CHIP, CHARACTER = 960, 24, 30, 22, 7.6
STYLE = """
  svg { font: 13px system-ui, sans-serif; fill: #1f2937; }
  .floor { fill: #f8fafc; stroke: #94a3b8; }
  .chip { fill: #e2e8f0; }
  .name { font-weight: 600; font-size: 15px; }
  .quiet { fill: #64748b; }
  @media (prefers-color-scheme: dark) {
    svg { fill: #e5e7eb; }
    .floor { fill: #1e293b; stroke: #475569; }
    .chip { fill: #334155; }
    .quiet { fill: #94a3b8; }
  }
"""
#: Kinds of columns that keys and names have.
KINDS = {
    "AutoField": "integer",
    "BigAutoField": "integer",
    "BigIntegerField": "integer",
    "PositiveIntegerField": "integer",
    "CharField": "text",
    "EmailField": "text",
    "SlugField": "text",
    "UUIDField": "uuid",
}
#: Modules that every plugin has and that hold no subject of their own.
FRAME = frozenset(
    {
        "api",
        "apps",
        "checks",
        "conf",
        "context_processors",
        "hooks",
        "management",
        "middleware",
        "models",
        "registration",
        "search_indexes",
        "signals",
        "tasks",
        "templatetags",
        "urls",
        "wagtail_hooks",
        "wiring",
    }
)


def contracts() -> configparser.ConfigParser:
    parser = configparser.ConfigParser()
    parser.read(ROOT / ".importlinter", encoding="utf-8")
    return parser


def floors() -> list[str]:
    """Packages from the top floor to the lowest, as the contract *Floors* lists them."""
    return re.findall(r"\w+", contracts()["importlinter:contract:floors"]["layers"])


def layers(package: str) -> list[list[str]]:
    """Subjects of a package from its top layer to its lowest; nothing where no contract orders them."""
    parser = contracts()
    for section in parser.sections():
        values = parser[section]
        if values.get("type") == "layers" and values.get("containers", "").split() == [package]:
            rows = [re.findall(r"\w+", line) for line in values["layers"].strip().splitlines()]
            kept = [[name for name in row if name not in FRAME] for row in rows]
            return [row for row in kept if row]
    return []


def floors_svg() -> str:
    """The house as a picture: a floor for each package, its subjects in it, those that may import others above them."""
    parts: list[str] = []
    top = MARGIN
    for package in floors():
        module = importlib.import_module(package)
        summary = (module.__doc__ or "").strip().splitlines()[0] if module.__doc__ else ""
        rows = [line for row in layers(package) for line in _wrapped(row)]
        height = 40 + len(rows) * LINE
        parts.append(
            f'<rect class="floor" x="{MARGIN}" y="{top}" width="{WIDTH - 2 * MARGIN}" height="{height}" rx="8"/>'
        )
        parts.append(
            f'<text x="{MARGIN + 16}" y="{top + 25}"><tspan class="name">{escape(package)}</tspan>'
            f'<tspan class="quiet" dx="12">{escape(summary)}</tspan></text>'
        )
        for number, row in enumerate(rows):
            parts += _chips(row, top + 38 + number * LINE)
        top += height + 12
    drawn = "\n".join(f"  {part}" for part in parts)
    title = "The plugins of Qudao as floors: a package imports only from floors below it"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{top + MARGIN - 12}" '
        f'viewBox="0 0 {WIDTH} {top + MARGIN - 12}" role="img">\n  <title>{title}</title>\n'
        f"  <style>{STYLE}  </style>\n{drawn}\n</svg>\n"
    )


def _wrapped(row: list[str]) -> Iterator[list[str]]:
    """The row as lines that fit into a floor."""
    line: list[str] = []
    used = 0.0
    for name in row:
        width = len(name) * CHARACTER + 28
        if line and used + width > WIDTH - 2 * MARGIN - 32:
            yield line
            line, used = [], 0.0
        line.append(name)
        used += width
    yield line


def _chips(row: list[str], top: float) -> Iterator[str]:
    left = MARGIN + 16.0
    for name in row:
        width = len(name) * CHARACTER + 20
        yield f'<rect class="chip" x="{left:.0f}" y="{top}" width="{width:.0f}" height="{CHIP}" rx="4"/>'
        yield f'<text x="{left + width / 2:.0f}" y="{top + 15}" text-anchor="middle">{escape(name)}</text>'
        left += width + 8


def data_model() -> str:
    """The entities of each plugin with their keys and relations, as Mermaid diagrams in Markdown."""
    from django.apps import apps  # noqa: PLC0415 - needs the settings

    parts = [
        "# Data model\n\nThe tables of each plugin: keys, references, and what is unique. Made from the models by\n"
        "`python -m tests.docs.diagrams`. Names of other plugins' and libraries' tables stand without fields.\n"
    ]
    for package in reversed(floors()):
        models = sorted(apps.get_app_config(package).get_models(), key=lambda model: model.__name__)
        if models:
            lines = [line for model in models for line in _entity(model)]
            relations = sorted({line for model in models for line in _relations(model)})
            diagram = "\n".join(["erDiagram", *lines, *relations])
            parts.append(f"## {package}\n\n```mermaid\n{diagram}\n```\n")
    return "\n".join(parts)


def _entity(model: type) -> Iterator[str]:
    fields = [
        field for field in model._meta.local_fields if field.primary_key or field.is_relation or _names(field)
    ]
    yield f"    {model.__name__} {{"
    for field in fields:
        mark = "PK" if field.primary_key else "FK" if field.is_relation else "UK" if field.unique else ""
        kind = "reference" if field.is_relation else KINDS.get(field.get_internal_type(), "value")
        yield f"        {kind} {field.column} {mark}".rstrip()
    yield "    }"


def _names(field: object) -> bool:
    """Whether people or programs name a row by this field."""
    return field.unique or field.name in {"sku", "barcode", "external_key", "state", "kind"}


def _relations(model: type) -> Iterator[str]:
    for field in [*model._meta.local_fields, *model._meta.local_many_to_many]:
        if not field.is_relation or field.related_model is None:
            continue
        other = field.related_model.__name__
        many = (
            "}o--o{"
            if field.many_to_many
            else "|o--||"
            if field.one_to_one
            else "}o--o|"
            if field.null
            else "}o--||"
        )
        yield f"    {model.__name__} {many} {other} : {field.name}"


def pictures() -> dict[Path, str]:
    """Every picture with its text, as it has to be."""
    return {FLOORS: floors_svg(), DATA_MODEL: data_model()}


def main() -> int:
    import django  # noqa: PLC0415 - needs the settings

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qudao_site.settings")
    django.setup()
    for path, text in pictures().items():
        path.write_text(text, encoding="utf-8")
        print(f"  {path.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
