"""The form that says what is what: a mapping as fields, and fields as a mapping."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from ...numbers import rules as numbers
from ..importer import Importer
from ..reading.encodings import CHOICES
from ..rules import NumberReader, as_datetime, day
from .rules import LEAVE_OUT, FileMapping, MappingError, Source, Spread, from_json, to_json
from .seen import Seen
from .understanding import Understanding

_DELIMITERS = [
    (",", _("Comma")),
    (";", _("Semicolon")),
    ("\t", _("Tab")),
    ("|", _("Bar")),
]
_DATES = [
    ("", _("Year first, as in 2026-11-22")),
    ("dmy", _("Day first, as in 22.11.2026")),
    ("mdy", _("Month first, as in 11/22/2026")),
]
#: What no field of the form says goes along unchanged.
_CARRIED = ("excluded", "variants", "section_gaps")


class MappingForm(forms.Form):
    """A select for every column of the file; what is said once for the whole file; a value for what has no column."""

    def __init__(self, importer: Importer, seen: Understanding, mapping: FileMapping, *args: Any) -> None:
        super().__init__(*args)
        self.importer, self.seen, self.start = importer, seen, mapping
        self.sources = {source.field: source for source in mapping.sources}
        self.spread = {each.column: each for each in mapping.spread}
        self._reading()
        for column in seen.columns:
            self._column(column)
        self._whole_file()
        self._values()
        carried = {name: to_json(mapping)[name] for name in _CARRIED}
        self.fields["carried"] = forms.CharField(
            widget=forms.HiddenInput, required=False, initial=json.dumps(carried), max_length=20_000
        )

    # --- Fields ---

    def _choice(self, name: str, choices: Any, initial: Any, label: Any = "", **more: Any) -> None:
        self.fields[name] = forms.ChoiceField(
            choices=choices, initial=initial, required=False, label=label, **more
        )

    def _reading(self) -> None:
        found = self.seen
        if found.format == "csv":
            as_found = _("As found: %(name)s") % {"name": found.encoding}
            self._choice("encoding", [("", as_found), *CHOICES.items()], self.start.encoding, _("Encoding"))
            self._choice(
                "delimiter",
                _DELIMITERS,
                self.start.delimiter or found.delimiter,
                _("Columns are separated by"),
            )
        elif len(found.sheets) > 1:
            self.fields["sheets"] = forms.MultipleChoiceField(
                choices=[(name, name) for name in found.sheets],
                initial=list(self.start.sheets) or list(found.sheets[:1]),
                required=False,
                widget=forms.CheckboxSelectMultiple,
                label=_("Sheets"),
            )
        lines = [(str(line), f"{line}: {' | '.join(filter(None, cells))}"[:90]) for line, cells in found.head]
        known = {line for line, _label in lines}
        current = str(self.start.header)
        lines += [(current, current)] if current not in known and current != "0" else []
        self._choice("header", [("0", _("There is no header row")), *lines], current, _("Header row"))

    def _column(self, seen: Seen) -> None:
        number = seen.number
        field = next((s.field for s in self.start.sources if number in s.columns), "")
        field = self.start.spread_field if number in self.spread else field
        choices = [("", _("– not imported –")), *self.field_choices]
        if self.importer.extra_column("attr:x") and seen.header:
            made = seen.header if self.importer.extra_column(seen.header) else f"attr:{seen.header}"
            choices.append((made, _("Attribute “%(name)s”") % {"name": made.partition(":")[2]}))
        label = _("Column %(letter)s") % {"letter": seen.letter}
        self._choice(f"c{number}", choices, field, label)
        source = self.sources.get(field)
        self.fields[f"c{number}_fill"] = forms.BooleanField(
            required=False,
            initial=bool(source and source.fill),
            label=_("empty cells repeat the value above"),
        )
        if self.importer.spread_field and seen.number_share >= 0.3:
            sets = self.spread[number].sets if number in self.spread else {}
            for name in self.set_names:
                self._set(f"c{number}_s_{name}", name, sets.get(name, ""))

    def _set(self, key: str, name: str, value: str) -> None:
        choices = self.choices_of(name)
        label = self.title_of(name)
        if name == self.importer.suffixed_field:
            label = _("Added to “%(field)s”") % {"field": label}
        if choices:
            self._choice(key, [("", "–"), *choices], value, label)
        else:
            self.fields[key] = forms.CharField(required=False, initial=value, label=label, max_length=60)

    def _whole_file(self) -> None:
        start = self.start
        if self.number_field:
            source = self.sources.get(self.number_field, Source(self.number_field))
            title = self.title_of(self.number_field)
            self.fields["divisor"] = forms.CharField(
                required=False,
                initial=numbers.format_number(source.divisor),
                label=_("“%(field)s” in the file is for this many units") % {"field": title},
                help_text=_(
                    "1000 for prices per 1,000 pieces. Prices with 13% tax become net prices with 1.13."
                ),
                max_length=12,
            )
            self.fields["rounded"] = forms.BooleanField(
                required=False,
                initial=source.rounded,
                label=_("Round to the decimal places that are stored"),
            )
            self.fields["blank"] = forms.CharField(
                required=False,
                initial="; ".join(start.blank),
                label=_("Words that mean there is no value"),
                help_text=_("Separated by semicolons. Rows with these words are left out."),
                max_length=400,
            )
        self._choice("sections", self.section_choices, start.sections, _("Headings between the rows"))
        if any(column.read in (day, as_datetime) for column in self.importer.columns):
            self._choice("dates", _DATES, start.dates, _("Dates"))
        self.fields["joined_by"] = forms.CharField(
            required=False,
            initial=start.joined_by,
            strip=False,
            max_length=5,
            label=_("Between two columns with the same field"),
        )

    def _values(self) -> None:
        """One value for all rows, and what words of the file are called here."""
        for column in self.importer.columns:
            source = self.sources.get(column.name, Source(column.name))
            choices = self.choices_of(column.name)
            key, label = f"v_{column.name}", self.title_of(column.name)
            if choices:
                self._choice(key, [("", "–"), *choices], source.value, label)
            else:
                self.fields[key] = forms.CharField(
                    required=False, initial=source.value, label=label, max_length=200
                )
            for place, word in enumerate(source.words if choices else ()):
                self._choice(
                    f"w_{column.name}_{place}", [("", "–"), *(choices or [])], source.words[word], word
                )

    # --- What there is to choose ---

    @cached_property
    def field_choices(self) -> list[tuple[str, str]]:
        return [
            (column.name, self.title_of(column.name) + (" *" if column.required else ""))
            for column in self.importer.columns
        ]

    def title_of(self, name: str) -> str:
        column = next(column for column in self.importer.columns if column.name == name)
        return column.title(get_language() or "en")

    def choices_of(self, name: str) -> list[tuple[str, str]] | None:
        if name not in self._known_choices:
            option = next(
                (each for each in self.importer.options if each.name == name and each.choices), None
            )
            found = list(option.choices(self.importer.viewer)) if option and option.choices else None
            self._known_choices[name] = found
        return self._known_choices[name]

    @cached_property
    def _known_choices(self) -> dict[str, list[tuple[str, str]] | None]:
        return {}

    @cached_property
    def set_names(self) -> list[str]:
        names = [*self.importer.spread_sets, self.importer.suffixed_field]
        return [name for name in names if name]

    @cached_property
    def number_field(self) -> str:
        if self.importer.spread_field:
            return self.importer.spread_field
        numbers_ = (c for c in self.importer.columns if c.required and isinstance(c.read, NumberReader))
        return next((column.name for column in numbers_), "")

    @cached_property
    def section_choices(self) -> list[tuple[str, Any]]:
        choices: list[tuple[str, Any]] = [("", _("there are none; every row is data"))]
        if self.importer.section_field:
            field = self.title_of(self.importer.section_field)
            choices.append(
                (self.importer.section_field, _("are the “%(field)s” of the rows below") % {"field": field})
            )
        return [*choices, (LEAVE_OUT, _("are left out"))]

    # --- For the page ---

    def column_rows(self) -> Iterator[dict[str, Any]]:
        for seen in self.seen.columns:
            sets = [
                self[f"c{seen.number}_s_{n}"]
                for n in self.set_names
                if f"c{seen.number}_s_{n}" in self.fields
            ]
            key = f"c{seen.number}"
            yield {
                "seen": seen,
                "field": self[key],
                "fill": self[f"{key}_fill"],
                "sets": sets,
                "is_spread": seen.number in self.spread,
            }

    def reading_fields(self) -> list[Any]:
        return [self[name] for name in ("encoding", "delimiter", "sheets", "header") if name in self.fields]

    def whole_file_fields(self) -> list[Any]:
        names = ("divisor", "rounded", "blank", "sections", "dates", "joined_by")
        return [self[name] for name in names if name in self.fields]

    def value_fields(self) -> list[Any]:
        return [self[f"v_{column.name}"] for column in self.importer.columns]

    def word_fields(self) -> list[tuple[str, list[Any]]]:
        found = [
            (self.title_of(c.name), [self[key] for key in self.fields if key.startswith(f"w_{c.name}_")])
            for c in self.importer.columns
        ]
        return [(title, fields) for title, fields in found if fields]

    # --- The mapping it says ---

    def clean_divisor(self) -> Decimal:
        text = str(self.cleaned_data["divisor"]).strip()
        try:
            number = numbers.read_number(text, numbers.POINT) if text else Decimal(1)
        except numbers.NumberError as error:
            raise forms.ValidationError(_("Enter a number, such as 1000."), code="not_a_number") from error
        if not Decimal("0.000001") <= number <= 1_000_000:
            raise forms.ValidationError(
                _("Enter a number between 0.000001 and 1,000,000."), code="out_of_range"
            )
        return number

    def reading_of(self, data: Any) -> FileMapping:
        """What the fields of the reading say, whether or not the others are valid."""
        sheets = tuple(name for name in data.getlist("sheets") if name in self.seen.sheets)
        encoding = data.get("encoding", "")
        delimiter = data.get("delimiter", "")
        return FileMapping(
            encoding=encoding if encoding in CHOICES else "",
            delimiter=delimiter if delimiter in dict(_DELIMITERS) else "",
            sheets=sheets,
        )

    def mapping(self) -> FileMapping:
        given = self.cleaned_data
        spread = self._spread_columns(given)
        own = {self.importer.spread_field} if spread else set()
        fields = list(dict.fromkeys(filter(None, (given[f"c{each.number}"] for each in self.seen.columns))))
        fields += [c.name for c in self.importer.columns if given.get(f"v_{c.name}") and c.name not in fields]
        sources = [self._source(name, given, own) for name in fields]
        carried = self._carried(given["carried"])
        return replace(
            carried,
            encoding=given.get("encoding", ""),
            delimiter=given.get("delimiter", ""),
            sheets=tuple(given.get("sheets") or self.start.sheets),
            header=int(given["header"] or 0),
            sources=tuple(sources),
            spread_field=self.importer.spread_field if spread else "",
            spread=spread,
            sections=given["sections"],
            section_gaps=carried.section_gaps or self._number_columns(),
            blank=tuple(filter(None, (word.strip() for word in given.get("blank", "").split(";")))),
            dates=given.get("dates", ""),
            joined_by=given["joined_by"],
        )

    def _spread_columns(self, given: dict[str, Any]) -> tuple[Spread, ...]:
        name = self.importer.spread_field
        chosen = [each.number for each in self.seen.columns if name and given[f"c{each.number}"] == name]
        sets = {
            number: {n: given[f"c{number}_s_{n}"] for n in self.set_names if given.get(f"c{number}_s_{n}")}
            for number in chosen
        }
        if len(chosen) < 2 and not any(sets.values()):
            return ()
        return tuple(Spread(number, sets[number]) for number in chosen)

    def _source(self, name: str, given: dict[str, Any], spread: set[str]) -> Source:
        numbers_ = [each.number for each in self.seen.columns if given[f"c{each.number}"] == name]
        old = self.sources.get(name, Source(name))
        is_number = name == self.number_field
        words = {
            word: given[f"w_{name}_{place}"]
            for place, word in enumerate(old.words)
            if f"w_{name}_{place}" in given
        }
        return Source(
            field=name,
            columns=() if name in spread else tuple(numbers_),
            value=given.get(f"v_{name}", ""),
            fill=any(given[f"c{number}_fill"] for number in numbers_),
            divisor=given["divisor"] if is_number else Decimal(1),
            rounded=bool(given["rounded"]) if is_number else False,
            words=words,
        )

    def _number_columns(self) -> tuple[int, ...]:
        return tuple(each.number for each in self.seen.columns if each.filled and each.number_share >= 0.6)

    @staticmethod
    def _carried(text: str) -> FileMapping:
        try:
            data = json.loads(text or "{}")
            return from_json({name: data[name] for name in _CARRIED if name in data})
        except (ValueError, TypeError, MappingError):
            return FileMapping()
