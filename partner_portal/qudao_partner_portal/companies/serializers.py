"""What the API reads and answers about companies."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from qudao_core.errors import Problem
from qudao_core.headless.changes import ChangeFilters
from qudao_core.headless.references import ReferenceField, TextReferenceField
from rest_framework import serializers

from .models import Company

MAX_ROWS = 5000

COMPANY_FIELDS = (
    "code",
    "external_key",
    "name",
    "short_name",
    "kind",
    "status",
    "status_reason",
    "is_seller",
    "currency",
    "language",
    "tax_number",
    "phone",
    "email",
    "payment_terms",
)

ADDRESS_FIELDS = (
    "external_key",
    "label",
    "recipient",
    "phone",
    "region",
    "street",
    "postcode",
    "country",
    "is_default",
)

INVOICE_TITLE_FIELDS = (
    "title",
    "tax_number",
    "bank",
    "bank_account",
    "registered_address",
    "phone",
    "is_default",
)


class CompanyFilters(ChangeFilters):
    search = serializers.CharField(
        required=False, max_length=80, help_text=_("In codes, names and tax numbers.")
    )
    code = serializers.CharField(required=False, max_length=40)
    external_key = serializers.CharField(required=False, max_length=80)
    kind = serializers.ChoiceField(required=False, choices=Company.Kind.choices)
    status = serializers.ChoiceField(required=False, choices=Company.Status.choices)
    tier = serializers.CharField(required=False, max_length=40)
    territory = serializers.CharField(
        required=False, max_length=20, help_text=_("Includes everything inside it.")
    )
    below = TextReferenceField(required=False, help_text=_("Only companies below this one."))


class OfCompany(serializers.Serializer):  # type: ignore[type-arg]
    company = TextReferenceField(required=False, help_text=_("For the back office: id, code or ext:KEY."))


class CompanyInputSchema(serializers.Serializer):  # type: ignore[type-arg]
    code = serializers.CharField(required=False, max_length=40)
    external_key = serializers.CharField(required=False, max_length=80, allow_blank=True)
    name = serializers.CharField(required=False, max_length=200)
    short_name = serializers.CharField(required=False, max_length=80, allow_blank=True)
    kind = serializers.CharField(required=False, max_length=20)
    is_seller = serializers.BooleanField(required=False)
    tier = serializers.CharField(required=False, max_length=40, allow_blank=True)
    territories = serializers.ListField(
        required=False, child=serializers.CharField(max_length=20), max_length=500
    )
    currency = serializers.CharField(required=False, max_length=3)
    language = serializers.CharField(required=False, max_length=12, allow_blank=True)
    tax_number = serializers.CharField(required=False, max_length=40, allow_blank=True)
    phone = serializers.CharField(required=False, max_length=40, allow_blank=True)
    email = serializers.CharField(required=False, max_length=254, allow_blank=True)
    payment_terms = serializers.CharField(required=False, max_length=120, allow_blank=True)


class AdmitInput(CompanyInputSchema):
    name = serializers.CharField(max_length=200)
    parent = ReferenceField(required=False, allow_null=True)
    status = serializers.CharField(required=False, max_length=20)


class StatusInput(serializers.Serializer):  # type: ignore[type-arg]
    status = serializers.CharField(max_length=20)
    reason = serializers.CharField(required=False, allow_blank=True, default="", max_length=200)


class MoveInput(serializers.Serializer):  # type: ignore[type-arg]
    parent = ReferenceField(allow_null=True)


class CompanyRow(CompanyInputSchema):
    status = serializers.CharField(required=False, max_length=20)
    parent = serializers.CharField(required=False, allow_blank=True, max_length=80)


class CompaniesBulkInput(serializers.Serializer):  # type: ignore[type-arg]
    rows = serializers.ListField(child=CompanyRow(), min_length=1, max_length=MAX_ROWS)
    all_or_nothing = serializers.BooleanField(default=False)


class AddressInputSchema(serializers.Serializer):  # type: ignore[type-arg]
    external_key = serializers.CharField(required=False, max_length=80, allow_blank=True)
    label = serializers.CharField(required=False, max_length=80, allow_blank=True)
    recipient = serializers.CharField(required=False, max_length=120)
    phone = serializers.CharField(required=False, max_length=40, allow_blank=True)
    territory = serializers.CharField(required=False, max_length=20, allow_blank=True)
    region = serializers.CharField(required=False, max_length=200, allow_blank=True)
    street = serializers.CharField(required=False, max_length=300)
    postcode = serializers.CharField(required=False, max_length=20, allow_blank=True)
    country = serializers.CharField(required=False, max_length=2)
    is_default = serializers.BooleanField(required=False)


class AddressRow(AddressInputSchema):
    company = serializers.CharField(max_length=80, help_text=_("Code or external key."))


class AddressesBulkInput(serializers.Serializer):  # type: ignore[type-arg]
    rows = serializers.ListField(child=AddressRow(), min_length=1, max_length=MAX_ROWS)
    all_or_nothing = serializers.BooleanField(default=False)


class InvoiceTitleInput(serializers.Serializer):  # type: ignore[type-arg]
    title = serializers.CharField(required=False, max_length=200)
    tax_number = serializers.CharField(required=False, max_length=40)
    bank = serializers.CharField(required=False, max_length=120, allow_blank=True)
    bank_account = serializers.CharField(required=False, max_length=60, allow_blank=True)
    registered_address = serializers.CharField(required=False, max_length=300, allow_blank=True)
    phone = serializers.CharField(required=False, max_length=40, allow_blank=True)
    is_default = serializers.BooleanField(required=False)


class Above(serializers.Serializer):  # type: ignore[type-arg]
    id = serializers.IntegerField()
    code = serializers.CharField()


class CompanyOutput(serializers.Serializer):  # type: ignore[type-arg]
    id = serializers.IntegerField()
    code = serializers.CharField()
    external_key = serializers.CharField(allow_blank=True)
    name = serializers.CharField()
    short_name = serializers.CharField(allow_blank=True)
    kind = serializers.ChoiceField(choices=Company.Kind.choices)
    status = serializers.ChoiceField(choices=Company.Status.choices)
    status_reason = serializers.CharField(allow_blank=True)
    is_seller = serializers.BooleanField()
    parent = Above(allow_null=True)
    depth = serializers.IntegerField()
    tier = serializers.CharField(allow_null=True)
    territories = serializers.ListField(child=serializers.CharField())
    currency = serializers.CharField()
    language = serializers.CharField(allow_blank=True)
    tax_number = serializers.CharField(allow_blank=True)
    phone = serializers.CharField(allow_blank=True)
    email = serializers.CharField(allow_blank=True)
    payment_terms = serializers.CharField(allow_blank=True)
    updated_at = serializers.DateTimeField()


class AddressOutput(serializers.Serializer):  # type: ignore[type-arg]
    id = serializers.IntegerField()
    company_id = serializers.IntegerField()
    external_key = serializers.CharField(allow_blank=True)
    label = serializers.CharField(allow_blank=True)
    recipient = serializers.CharField()
    phone = serializers.CharField(allow_blank=True)
    territory = serializers.CharField(allow_null=True)
    territory_name = serializers.CharField(allow_blank=True)
    region = serializers.CharField(allow_blank=True)
    street = serializers.CharField()
    postcode = serializers.CharField(allow_blank=True)
    country = serializers.CharField()
    is_default = serializers.BooleanField()


class InvoiceTitleOutput(serializers.Serializer):  # type: ignore[type-arg]
    id = serializers.IntegerField()
    company_id = serializers.IntegerField()
    title = serializers.CharField()
    tax_number = serializers.CharField()
    bank = serializers.CharField(allow_blank=True)
    bank_account = serializers.CharField(allow_blank=True)
    registered_address = serializers.CharField(allow_blank=True)
    phone = serializers.CharField(allow_blank=True)
    is_default = serializers.BooleanField()


class TierOutput(serializers.Serializer):  # type: ignore[type-arg]
    code = serializers.CharField()
    name = serializers.CharField()
    name_zh = serializers.CharField(allow_blank=True)
    rank = serializers.IntegerField(help_text=_("1 is the highest."))


class HistoryOutput(serializers.Serializer):  # type: ignore[type-arg]
    at = serializers.DateTimeField()
    actor = serializers.CharField(allow_blank=True, help_text=_("Empty when the system acted."))
    action = serializers.CharField()
    label = serializers.CharField()
    details = serializers.CharField(allow_blank=True)


class RowProblem(serializers.Serializer):  # type: ignore[type-arg]
    code = serializers.CharField()
    message = serializers.CharField()
    field = serializers.CharField(allow_null=True)
    remedy = serializers.CharField(allow_null=True)


class BulkRow(serializers.Serializer):  # type: ignore[type-arg]
    line = serializers.IntegerField()
    key = serializers.CharField(allow_blank=True)
    outcome = serializers.ChoiceField(choices=["created", "updated", "unchanged", "rejected"])
    id = serializers.IntegerField(allow_null=True)
    problems = RowProblem(many=True)


class BulkOutput(serializers.Serializer):  # type: ignore[type-arg]
    created = serializers.IntegerField()
    updated = serializers.IntegerField()
    unchanged = serializers.IntegerField()
    rejected = serializers.IntegerField()
    rows = BulkRow(many=True)


def problem_of(found: Problem) -> dict[str, Any]:
    remedy = str(found.remedy) if found.remedy else None
    return {"code": found.code, "message": str(found.message), "field": found.field, "remedy": remedy}
