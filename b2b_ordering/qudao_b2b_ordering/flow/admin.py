"""Order flows in Wagtail's admin: steps in the order they are dragged to, versions, a look at the way of an order."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from qudao_core import api as core
from qudao_core.backoffice import EditConflictMixin
from qudao_partner_portal import api as portal
from qudao_partner_portal.backoffice import AudienceColumn
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import BooleanColumn, Column, NumberColumn
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import register_permission_policy

from ..backoffice import SellerFilterSet, show_refusal
from . import queries, rules, services
from .forms import FlowForm, PreviewForm, RoleSelect, line_names
from .models import Flow, FlowStep
from .words import role_label


class NeverDeleted(ModelPermissionPolicy):
    """A flow that orders have walked stays; it is switched off instead."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        return action != "delete" and super().user_has_permission(user, action)

    def user_has_any_permission(self, user: Any, actions: Any) -> bool:
        return any(self.user_has_permission(user, action) for action in actions)


register_permission_policy(Flow, NeverDeleted(Flow), exact_class=True)


class Publishing:
    """Saving a flow publishes it: both or neither."""

    form: Any
    request: Any
    produced_error_message: str | None = None

    def form_valid(self, form: Any) -> Any:
        try:
            with transaction.atomic():
                return super().form_valid(form)  # type: ignore[misc]
        except core.Refusal as refusal:
            show_refusal(form, refusal)
            return self.form_invalid(form)  # type: ignore[attr-defined]

    def save_instance(self) -> Flow:
        saved = super().save_instance()  # type: ignore[misc]
        flow = Flow.objects.get(pk=saved.pk)
        services.publish(actor=self.request.user, flow=flow)
        return flow


class FlowCreateView(Publishing, generic.CreateView):
    """A new flow begins with the standard steps, so that nobody starts from nothing."""

    def get_initial_form_instance(self) -> Flow:
        return services.standard_draft()


class FlowEditView(EditConflictMixin, Publishing, generic.EditView):
    """Edit a flow; orders in flight keep the version they began with."""


class FlowFilterSet(SellerFilterSet):
    class Meta:
        model = Flow
        fields = ["is_active", "seller"]


class FlowIndexView(generic.IndexView):
    def get_base_queryset(self) -> QuerySet[Flow]:
        return Flow.objects.select_related("seller").annotate(version=Max("versions__number"))


class FlowInspectView(generic.InspectView):
    template_name = "qudao_b2b_ordering/admin/flow.html"
    page_title = _("Order flow")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        flow: Flow = self.object
        language = get_language() or "en"
        form, names = PreviewForm(self.request.GET or None), line_names()
        steps = form.steps(flow) if form.is_bound else None
        return super().get_context_data(**kwargs) | {
            "flow": flow,
            "steps": [_row(step, language, names) for step in queries.draft(flow).steps],
            "versions": [_version(row, language) for row in queries.versions(flow)[:50]],
            "form": form,
            "way": None if steps is None else [_row(step, language, names) for step in steps],
            "audience": portal.audience_label(flow.audience_key, language),
            "entries": core.history(flow),
        }


def _row(step: rules.Step, language: str, names: dict[str, str]) -> dict[str, Any]:
    return {
        "step": step,
        "name": step.label(language),
        "kind": FlowStep.Kind(step.kind).label,
        "side": FlowStep.Side(step.side).label,
        "role": role_label(step.role),
        "lines": [names.get(code, code) for code in sorted(step.condition.lines)],
    }


def _version(row: Any, language: str) -> dict[str, Any]:
    names = [step.label(language) for step in rules.from_data(row.definition).steps if step.enabled]
    return {"number": row.number, "published_at": row.published_at, "steps": names}


class FlowViewSet(ModelViewSet):
    model = Flow
    name = "qudao_flows"
    url_prefix = "order-flows"
    icon = "list-ol"
    menu_label = _("Order flows")
    menu_order = 220
    add_to_reference_index = False
    copy_view_enabled = False
    inspect_view_enabled = True
    index_view_class = FlowIndexView
    add_view_class = FlowCreateView
    edit_view_class = FlowEditView
    inspect_view_class = FlowInspectView
    list_display = [
        "name",
        Column("code", label=_("Code"), sort_key="code"),
        Column("seller", label=_("Seller"), sort_key="seller__name"),
        AudienceColumn(
            "audience_key", label=_("For"), keys=lambda row: [row.audience_key], sort_key="audience_key"
        ),
        NumberColumn("priority", label=_("Priority"), sort_key="priority"),
        NumberColumn("version", label=_("Version"), sort_key="version"),
        BooleanColumn("is_active", label=_("Active"), sort_key="is_active"),
    ]
    filterset_class = FlowFilterSet
    search_fields = ["name", "code", "audience_key"]
    search_backend_name = None
    ordering = ["seller__name", "code"]
    edit_handler = ObjectList(
        [
            FieldRowPanel([FieldPanel("name"), FieldPanel("code")]),
            FieldRowPanel([FieldPanel("seller"), FieldPanel("is_active")]),
            FieldRowPanel([FieldPanel("audience_key"), FieldPanel("priority")]),
            MultiFieldPanel(
                [
                    FieldRowPanel([FieldPanel("allocate_on"), FieldPanel("buyer_may_cancel_until")]),
                    FieldPanel("auto_receive_days"),
                ],
                heading=_("Rules"),
            ),
            InlinePanel(
                "steps",
                heading=_("Steps"),
                label=_("Step"),
                panels=[
                    FieldRowPanel([FieldPanel("name"), FieldPanel("name_zh"), FieldPanel("code")]),
                    FieldRowPanel([FieldPanel("kind"), FieldPanel("is_enabled")]),
                    FieldRowPanel([FieldPanel("side"), FieldPanel("role", widget=RoleSelect)]),
                    FieldRowPanel([FieldPanel("min_amount"), FieldPanel("only_over_credit")]),
                    FieldRowPanel(
                        [
                            FieldPanel("lines", widget=forms.CheckboxSelectMultiple),
                            FieldPanel("service_hours"),
                        ]
                    ),
                ],
            ),
        ],
        base_form_class=FlowForm,
    )
