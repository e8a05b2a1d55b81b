"""What Wagtail's admin does differently here than as it comes; applied once at start, each for the reason it names."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection
from django.utils.translation import get_language, override
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.account import NameEmailForm
from wagtail.admin.views.mixins import SpreadsheetExportMixin
from wagtail.admin.viewsets.chooser import ChooserViewSet
from wagtail.images.fields import WagtailImageField
from wagtail.users.forms import UserForm

from . import spreadsheets
from .outages import outage_of


def apply() -> None:
    """Apply all of them."""
    secure_exports()
    refuse_broken_pictures()
    quote_searches()
    translate_choosers()
    allow_one_name()


def secure_exports() -> None:
    """Give every export of Wagtail's admin, its own reports included, the cells of :mod:`.spreadsheets`.

    Wagtail writes CSV cells as they are (a spreadsheet runs ``=HYPERLINK(…)`` that a buyer typed), without the mark
    that Excel needs to read Chinese, and fails on control characters in XLSX.
    """
    mixin = SpreadsheetExportMixin
    stream_csv, preprocess = mixin.stream_csv, mixin.preprocess_field_value

    def marked_csv(self: Any, queryset: Any) -> Iterator[bytes]:
        return _in_language(get_language(), stream_csv(self, queryset))

    def safe_value(self: Any, field: str, value: Any, export_format: str) -> Any:
        found = preprocess(self, field, value, export_format)
        if export_format == self.FORMAT_CSV:
            return spreadsheets.cell(found)
        return spreadsheets.writable(found) if isinstance(found, str) else found

    mixin.stream_csv, mixin.preprocess_field_value = marked_csv, safe_value


def refuse_broken_pictures() -> None:
    """Say of a picture that is cut off or damaged that it is, beside the field it was chosen in.

    Wagtail looks at the beginning of a file and then has it decoded; whatever a decoder says then was a server error.
    """
    measure = WagtailImageField.check_image_pixel_size

    def decoded(self: Any, file: Any) -> None:
        try:
            measure(self, file)
        except ValidationError:
            raise
        except Exception as error:  # decoders raise anything for a file that breaks the rules of its format
            if outage_of(error):
                raise
            raise ValidationError(self.error_messages["invalid_image"], code="invalid_image") from error

    WagtailImageField.check_image_pixel_size = decoded


def quote_searches() -> None:
    """Let a quotation mark stand in what is searched for among pictures, documents and pages (``12" panel``).

    The search of Wagtail in SQLite puts each word between quotation marks and leaves those in it as they are.
    """
    if connection.vendor != "sqlite":
        return
    from modelsearch.backends.database.sqlite.query import Lexeme  # noqa: PLC0415 - only where there is SQLite

    def quoted(self: Any, compiler: Any, connection: Any) -> tuple[str, list[str]]:
        return '"%s"*' if self.prefix else '"%s"', [self.value.replace('"', '""')]

    Lexeme.as_sql = quoted


def _in_language(language: str | None, rows: Iterator[bytes]) -> Iterator[bytes]:
    """A CSV file whose rows are made while it is sent: then the language of the back office is no longer active."""
    yield spreadsheets.BYTE_ORDER_MARK.encode()
    while True:
        with override(language):
            row = next(rows, None)
        if row is None:
            return
        yield row


def translate_choosers() -> None:
    """Give the windows that choose a picture or a document their first tab in the reader's language.

    Wagtail translates its label once, when it starts.
    """
    ChooserViewSet.search_tab_label = _("Search")


def allow_one_name() -> None:
    """Let people keep the one name they have: an account holds it as a whole, and Wagtail's forms ask for two."""
    for form in (NameEmailForm, UserForm):
        field = form.base_fields["last_name"]
        field.required = field.widget.is_required = False
