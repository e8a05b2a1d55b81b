"""What ordering's admin screens share: they write through services, and a refusal stands beside its field."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.forms import BaseForm, Media
from django.http import HttpRequest, HttpResponse
from django.utils.functional import cached_property
from django.views.generic import TemplateView
from qudao_core import api as core
from qudao_core.backoffice import EditConflictMixin
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.views import generic
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin


def show_refusal(form: Any, refusal: core.Refusal) -> None:
    """Put every problem beside the field it names, or above the form."""
    for problem in refusal.problems or (refusal.problem,):
        form.add_error(problem.field if problem.field in form.fields else None, str(problem.message))


def tell(request: HttpRequest, refusal: core.Refusal) -> None:
    """Say a refusal above the page, with its remedy and the first of its problems."""
    problems = (problem.message for problem in refusal.problems[:5])
    messages.error(request, core.join_sentences(refusal.message, *problems, refusal.problem.remedy))


class SavedByService:
    """For Wagtail's create and edit views: the form's ``save_by`` calls the service, which also writes the log."""

    form: Any
    request: Any
    #: Wagtail reads it when the form is shown again; only its own actions set it.
    produced_error_message: str | None = None

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            return super().form_valid(form)  # type: ignore[misc, no-any-return]
        except core.Refusal as refusal:
            show_refusal(form, refusal)
            return self.form_invalid(form)  # type: ignore[attr-defined, no-any-return]

    def save_instance(self) -> Any:
        return self.form.save_by(self.request.user)


class ServiceCreateView(SavedByService, generic.CreateView):
    """Create through a service."""


class ServiceEditView(EditConflictMixin, SavedByService, generic.EditView):
    """Edit through a service."""


class SellerFilterSet(WagtailFilterSet):
    """Filters of a list whose rows belong to sellers: only companies that sell are offered."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sellers = self.filters["seller"]
        sellers.queryset = sellers.queryset.filter(is_seller=True)


class OfficePage(PermissionCheckedMixin, WagtailAdminTemplateMixin, TemplateView):
    """A page of its own beside a model's screens; ``permission_policy`` is the viewset's."""

    permission_policy: Any = None
    any_permission_required = ["add", "change", "view"]

    @cached_property
    def may_change(self) -> bool:
        return bool(self.permission_policy.user_has_permission(self.request.user, "change"))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With what the widgets of all its forms load; ``admin/office.html`` puts it on the page."""
        context = super().get_context_data(**kwargs)
        forms = [value for value in context.values() if isinstance(value, BaseForm)]
        return context | {"media": sum((form.media for form in forms), context.get("media") or Media())}
