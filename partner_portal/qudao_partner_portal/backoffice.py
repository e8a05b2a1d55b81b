"""What the screens of Wagtail's admin share: they save through services and refuse where a service refuses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, ClassVar

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.text import capfirst
from django.utils.timezone import localtime
from django.utils.translation import get_language, override
from django.utils.translation import gettext_lazy as _
from django.views.generic import View
from wagtail.admin.forms.account import NameEmailForm
from wagtail.admin.views import generic
from wagtail.admin.views.mixins import SpreadsheetExportMixin
from wagtail.admin.viewsets.chooser import ChooserViewSet
from wagtail.images.fields import WagtailImageField
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import register_permission_policy
from wagtail.users.forms import UserForm

from . import spreadsheets
from .audience.admin import (
    AudienceColumn,
    AudienceKeyField,
    AudienceKeysField,
    AudienceTitleColumn,
    PeopleKeysField,
)
from .errors import Refusal
from .outages import outage_of
from .pages import put_on_form, tell
from .people.requests import get_viewer
from .second_editor import (
    NoticesOthers,
    is_typed,
    lock,
    remember,
    seen_by,
    shown_again,
    shown_by,
    why_again,
)
from .viewer import Viewer

__all__ = [
    "ActionView",
    "Allowing",
    "AudienceColumn",
    "AudienceKeyField",
    "AudienceKeysField",
    "AudienceTitleColumn",
    "CreateView",
    "DeleteView",
    "EditView",
    "ModelEditView",
    "NoticesOthers",
    "PeopleKeysField",
    "RecordView",
    "ThroughService",
    "allow_only",
    "is_typed",
    "lock",
    "remember",
    "seen_by",
    "shown_again",
    "shown_by",
    "why_again",
]


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


class ThroughService:
    """For Wagtail's create and edit views: the form's ``save_by(viewer)`` calls the service, which writes the log."""

    request: HttpRequest
    form: Any

    @property
    def viewer(self) -> Viewer:
        return get_viewer(self.request)

    def save_instance(self) -> Any:
        return self.form.save_by(self.viewer)

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            return super().form_valid(form)  # type: ignore[misc, no-any-return]
        except Refusal as refusal:
            put_on_form(form, refusal)
            self.produced_error_message = self.get_error_message()  # type: ignore[attr-defined]
            return self.form_invalid(form)  # type: ignore[attr-defined, no-any-return]


class CreateView(ThroughService, generic.CreateView):  # type: ignore[misc]
    """Create through a service."""


class ModelEditView(NoticesOthers, generic.EditView):  # type: ignore[misc]
    """Change a record that needs no service."""


class EditView(NoticesOthers, ThroughService, generic.EditView):  # type: ignore[misc]
    """Change through a service; leads back to the same screen."""

    def get_success_url(self) -> str:
        return str(self.get_edit_url())


class DeleteView(generic.DeleteView):  # type: ignore[misc]
    """Deletes what the service lets go. Wagtail's index of references does not know ours, so it is not asked: it would
    say “referenced 0 times” of what the service then refuses.
    """

    def get_usage_url(self) -> None:
        return None


class RecordView(generic.InspectView):  # type: ignore[misc]
    """One record to read: the fields in ``shown``, under the names that the lists use, and times as the reader's.

    They stand here and not in the view's ``fields``: a viewset puts its own, which are all, in their place.
    """

    shown: ClassVar[Mapping[str, Any]] = {}

    def get_page_title(self) -> str:
        return str(capfirst(self.model._meta.verbose_name))

    def get_fields(self) -> list[str]:
        return list(self.shown)

    def get_field_label(self, field_name: str, field: Any) -> str:
        return str(self.shown[field_name])

    def get_field_display_value(self, field_name: str, field: Any) -> Any:
        value = super().get_field_display_value(field_name, field)
        if isinstance(value, datetime):
            return localtime(value)
        return "–" if value is None or value == "" else value


class ActionView(View):
    """A POST that calls one service and goes back: ``act`` does it, ``back`` says where to."""

    @property
    def viewer(self) -> Viewer:
        return get_viewer(self.request)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        try:
            messages.success(request, self.act(pk))
        except Refusal as refusal:
            tell(request, refusal)
        return redirect(self.back(pk))

    def act(self, pk: int) -> str:
        """Call the service and return what to say."""
        raise NotImplementedError

    def back(self, pk: int) -> str:
        raise NotImplementedError


class Allowing(ModelPermissionPolicy):  # type: ignore[misc]
    """Django's permissions, but only for some actions: what must not happen here nobody is offered."""

    def __init__(self, model: Any, actions: Iterable[str]) -> None:
        super().__init__(model)
        self.actions = frozenset(actions) | {"view"}

    def user_has_permission(self, user: Any, action: str) -> bool:
        return action in self.actions and super().user_has_permission(user, action)

    def user_has_any_permission(self, user: Any, actions: Iterable[str]) -> bool:
        return any(self.user_has_permission(user, action) for action in actions)


def allow_only(model: Any, *actions: str) -> None:
    """Let the admin offer only ``actions`` (``add``, ``change``, ``delete``) and viewing of ``model``."""
    register_permission_policy(model, Allowing(model, actions), exact_class=True)
