"""The form in which a flow is edited in Wagtail's admin: its head, and its steps in an inline panel."""

from __future__ import annotations

from typing import Any

from django import forms
from django.apps import apps
from django.utils.translation import gettext_lazy as _
from qudao_core.numbers.forms import DecimalField, LocalizedNumbersMixin
from qudao_partner_portal.backoffice import AudienceKeyField
from wagtail.admin.forms import WagtailAdminModelForm

from . import queries, rules
from .models import Flow
from .problems import flow_problem
from .words import ROLE_LABELS

#: Field of a rule's issue → field of the step's form, where the names differ.
_FIELDS = {"enabled": "is_enabled"}


class RoleSelect(forms.Select):
    """Every role that some side may be asked with; the form says when it does not fit the side."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, choices=[("", "—"), *ROLE_LABELS.items()])


class FlowForm(LocalizedNumbersMixin, WagtailAdminModelForm):
    """Refuses what :func:`rules.check` finds, beside the step and field it is about."""

    audience_key = AudienceKeyField(label=_("For"), max_length=80)
    changed_rows = {"steps": _("The steps have been changed meanwhile.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        companies = apps.get_model("qudao_partner_portal", "Company")
        self.fields["seller"].queryset = companies.objects.filter(is_seller=True)
        self.fields["seller"].label = _("Seller")
        if self.instance.pk:
            self.fields["seller"].disabled = self.fields["code"].disabled = True

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        steps = self.formsets["steps"]
        if steps.is_valid() and not self.errors:
            self._refuse_issues(cleaned, [form for form in steps.ordered_forms if form.cleaned_data])
        return cleaned

    def _refuse_issues(self, cleaned: dict[str, Any], step_forms: list[Any]) -> None:
        flow = rules.Flow(
            tuple(_step(form.cleaned_data) for form in step_forms),
            cleaned["allocate_on"],
            cleaned["buyer_may_cancel_until"],
            cleaned["auto_receive_days"],
        )
        for issue in rules.check(flow):
            message = str(flow_problem(issue).message)
            if issue.step is None:
                self.add_error(issue.field if issue.field in self.fields else None, message)
            else:
                step_forms[issue.step].add_error(_FIELDS.get(issue.field, issue.field), message)


def _step(given: dict[str, Any]) -> rules.Step:
    condition = rules.Condition(
        given["min_amount"],
        given["only_over_credit"],
        frozenset(line.code for line in given["lines"]),
    )
    return rules.Step(
        code=given["code"],
        name=given["name"],
        name_zh=given["name_zh"],
        kind=given["kind"],
        side=given["side"],
        role=given["role"],
        enabled=given["is_enabled"],
        condition=condition,
        service_hours=given["service_hours"],
    )


def line_names() -> dict[str, str]:
    """Product lines by code, as they are called in the reader's language."""
    lines = apps.get_model("qudao_catalog", "ProductLine").objects.all()
    return {line.code: str(line) for line in lines}


class PreviewForm(forms.Form):
    """What an order must look like to be walked through a flow for a look."""

    amount = DecimalField(
        label=_("An order of"), min_value=0, max_digits=14, decimal_places=2, required=False
    )
    over_credit = forms.BooleanField(label=_("over credit"), required=False)
    lines = forms.MultipleChoiceField(
        label=_("with product lines"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["lines"].choices = list(line_names().items())  # type: ignore[attr-defined]

    def steps(self, flow: Flow) -> list[rules.Step] | None:
        """The steps it would walk; ``None`` as long as no amount was given."""
        if not self.is_valid() or self.cleaned_data["amount"] is None:
            return None
        given = self.cleaned_data
        return queries.preview(
            queries.draft(flow),
            amount=given["amount"],
            over_credit=given["over_credit"],
            lines=given["lines"],
        )
