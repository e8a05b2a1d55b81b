"""What the screens of Wagtail's admin share: they save through services and refuse where a service refuses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, ClassVar

from django.contrib import messages
from django.db.models import ProtectedError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.text import capfirst
from django.utils.timezone import localtime
from django.utils.translation import gettext
from django.views.generic import View
from wagtail.admin.views import generic
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import register_permission_policy

from .edit_conflicts import (
    EditConflictMixin,
    conflict_message,
    displayed_values,
    lock_record,
    rebind_on_conflict,
    submitted_snapshot,
    was_edited,
    with_snapshot,
)
from .errors import Refusal
from .pages import add_refusal_to_form, show_refusal
from .requests import get_viewer
from .viewer import Viewer
from .wording import join_list

__all__ = [
    "ActionView",
    "LimitedPermissionPolicy",
    "CreateView",
    "DeleteView",
    "GuardedDeleteView",
    "EditView",
    "ModelEditView",
    "EditConflictMixin",
    "RecordView",
    "ServiceFormMixin",
    "allow_only",
    "was_edited",
    "lock_record",
    "with_snapshot",
    "submitted_snapshot",
    "rebind_on_conflict",
    "displayed_values",
    "conflict_message",
]


class ServiceFormMixin:
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
            add_refusal_to_form(form, refusal)
            self.produced_error_message = self.get_error_message()  # type: ignore[attr-defined]
            return self.form_invalid(form)  # type: ignore[attr-defined, no-any-return]


class CreateView(ServiceFormMixin, generic.CreateView):  # type: ignore[misc]
    """Create through a service."""


class ModelEditView(EditConflictMixin, generic.EditView):  # type: ignore[misc]
    """Change a record that needs no service."""


class EditView(EditConflictMixin, ServiceFormMixin, generic.EditView):  # type: ignore[misc]
    """Change through a service; leads back to the same screen."""

    def get_success_url(self) -> str:
        return str(self.get_edit_url())


class DeleteView(generic.DeleteView):  # type: ignore[misc]
    """Deletes what the service lets go. Wagtail's index of references does not know ours, so it is not asked: it would
    say “referenced 0 times” of what the service then refuses.
    """

    def get_usage_url(self) -> None:
        return None


class GuardedDeleteView(DeleteView):
    """Deletes what nothing needs any more; otherwise says who needs it."""

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            return super().form_valid(form)  # type: ignore[no-any-return]
        except ProtectedError as error:
            users = sorted(str(each) for each in error.protected_objects)
            named = join_list(users[:5] + ["…"] * (len(users) > 5))
            text = gettext("“%(name)s” is in use and cannot be deleted: %(users)s.")
            messages.error(self.request, text % {"name": self.object, "users": named})
            return redirect(self.get_success_url())


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
            show_refusal(request, refusal)
        return redirect(self.back(pk))

    def act(self, pk: int) -> str:
        """Call the service and return what to say."""
        raise NotImplementedError

    def back(self, pk: int) -> str:
        raise NotImplementedError


class LimitedPermissionPolicy(ModelPermissionPolicy):  # type: ignore[misc]
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
    register_permission_policy(model, LimitedPermissionPolicy(model, actions), exact_class=True)
