"""Shapes of requests and answers about orders."""

from __future__ import annotations

from decimal import Decimal

from qudao_core.exports.serializers import ExportOutput
from qudao_core.headless import ChangeFilters, ReferenceField, TextReferenceField, TimestampField
from qudao_core.headless.rules import MAX_REFERENCE
from qudao_core.numbers.serializers import DecimalField
from rest_framework import serializers

from ..cart.rules import MOST_LINES
from ..cart.schemas import LineInputSchema, ProblemSchema, SeenPrice, TotalsSchema
from . import rules
from .models import Order, OrderExport
from .services import BULK_ACTIONS

KEY = 2**63 - 1


class DirectLineInput(LineInputSchema):
    unit_price = DecimalField(
        14,
        4,
        min_value=Decimal(0),
        required=False,
        help_text="The price you reckon with; another one is refused.",
    )


class ExpectedLine(serializers.Serializer):  # type: ignore[type-arg]
    """A line as you saw it: the product by ``sku`` or by ``product`` (id)."""

    sku = serializers.CharField(max_length=80, required=False)
    product = serializers.IntegerField(min_value=1, max_value=KEY, required=False)
    quantity = serializers.DecimalField(14, 3)
    unit_price = serializers.DecimalField(14, 4, required=False, allow_null=True)

    def validate(self, attrs):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
        if ("sku" in attrs) == ("product" in attrs):
            raise serializers.ValidationError(
                {"sku": ["Name the product by sku or by product, one of them."]}
            )
        return attrs


class Expected(serializers.Serializer):  # type: ignore[type-arg]
    """What you saw, as far as you tell it; where the order would differ, 409 ``changed_since_shown`` says in what."""

    total = serializers.DecimalField(14, 2, required=False, allow_null=True, help_text="Gross.")
    currency = serializers.CharField(max_length=3, required=False)
    lines = ExpectedLine(
        many=True,
        required=False,
        max_length=MOST_LINES,
        help_text="All lines. With a price on each of them, changed prices need not be accepted as well.",
    )


class OrderInput(serializers.Serializer):  # type: ignore[type-arg]
    """Order a cart (``cart``: its id; left out: the current one) or, without a cart, ``lines``."""

    cart = serializers.IntegerField(min_value=1, max_value=KEY, required=False, allow_null=True)
    lines = DirectLineInput(many=True, required=False, allow_empty=False, max_length=MOST_LINES)
    address = ReferenceField(
        required=False, allow_null=True, help_text="Id or ext:KEY. Left out: the default one."
    )
    invoice_title = serializers.IntegerField(min_value=1, max_value=KEY, required=False, allow_null=True)
    requested_on = serializers.DateField(required=False, allow_null=True)
    po_number = serializers.CharField(max_length=60, required=False, allow_blank=True)
    note = serializers.CharField(max_length=rules.MOST_NOTE, required=False, allow_blank=True)
    payment = serializers.ChoiceField(Order.Payment.choices, default=rules.ACCOUNT)
    accept_prices = SeenPrice(
        many=True,
        required=False,
        max_length=MOST_LINES,
        help_text="Prices of cart lines you have seen and agree to.",
    )
    expected = Expected(
        required=False, help_text="What you saw. The order is placed only if it is still like this."
    )


class OrderQuery(ChangeFilters):
    q = serializers.CharField(
        max_length=80, required=False, help_text="Number, reference, SKU or product name."
    )
    status = serializers.ChoiceField(Order.Status.choices, required=False)
    step = serializers.CharField(max_length=40, required=False)
    since = serializers.DateField(required=False)
    until = serializers.DateField(required=False)
    company = TextReferenceField(
        required=False, help_text="A company by code, ext:KEY or id: it and those below it."
    )
    side = serializers.ChoiceField(["buyer", "seller"], required=False)
    mine = serializers.BooleanField(required=False, help_text="Only what waits for the caller.")
    late = serializers.BooleanField(required=False)


class ActionInput(serializers.Serializer):  # type: ignore[type-arg]
    note = serializers.CharField(
        max_length=rules.MOST_NOTE,
        required=False,
        allow_blank=True,
        default="",
        help_text="Needed for reject, return, cancel, close_rest and note.",
    )
    step = serializers.CharField(
        max_length=40,
        required=False,
        help_text="The step you saw; if the order has moved on, nothing happens.",
    )


class Target(serializers.Serializer):  # type: ignore[type-arg]
    number = serializers.CharField(max_length=MAX_REFERENCE, help_text="The order's number, or ext:KEY.")
    revision = serializers.IntegerField(min_value=1, max_value=2**31 - 1, required=False)
    step = serializers.CharField(max_length=40, required=False)


class BulkActionInput(serializers.Serializer):  # type: ignore[type-arg]
    action = serializers.ChoiceField(BULK_ACTIONS)
    note = serializers.CharField(max_length=rules.MOST_NOTE, required=False, allow_blank=True, default="")
    orders = Target(many=True, allow_empty=False, max_length=rules.MOST_AT_ONCE)


class OutcomeSchema(serializers.Serializer):  # type: ignore[type-arg]
    number = serializers.CharField()
    done = serializers.BooleanField()
    status = serializers.CharField(required=False)
    step = serializers.CharField(required=False)
    revision = serializers.IntegerField(required=False)
    problem = ProblemSchema(required=False)


class BulkActionSchema(serializers.Serializer):  # type: ignore[type-arg]
    done = serializers.IntegerField()
    results = OutcomeSchema(many=True)


class ShipLineInput(serializers.Serializer):  # type: ignore[type-arg]
    number = serializers.IntegerField(min_value=1, max_value=1_000_000, help_text="The order's line, from 1.")
    quantity = DecimalField(14, 3)


class ShipmentInputSchema(serializers.Serializer):  # type: ignore[type-arg]
    lines = ShipLineInput(
        many=True, required=False, max_length=MOST_LINES, help_text="Left out: everything that lies ready."
    )
    carrier = serializers.CharField(max_length=80, required=False, allow_blank=True, default="")
    tracking_number = serializers.CharField(max_length=80, required=False, allow_blank=True, default="")
    warehouse = serializers.CharField(max_length=40, required=False, allow_blank=True, default="")
    note = serializers.CharField(max_length=300, required=False, allow_blank=True, default="")
    external_key = serializers.CharField(max_length=80, required=False, allow_blank=True, default="")
    shipped_at = TimestampField(required=False)
    close_rest = serializers.BooleanField(default=False, help_text="What stays open will not be delivered.")


class ReceiptLineInput(serializers.Serializer):  # type: ignore[type-arg]
    number = serializers.IntegerField(min_value=1, max_value=1_000_000)
    short = DecimalField(14, 3, required=False, default=Decimal(0))
    damaged = DecimalField(14, 3, required=False, default=Decimal(0))
    note = serializers.CharField(max_length=300, required=False, allow_blank=True, default="")


class ReceiptInput(serializers.Serializer):  # type: ignore[type-arg]
    shipment = serializers.CharField(
        max_length=MAX_REFERENCE,
        required=False,
        allow_blank=True,
        default="",
        help_text="Left out: all on their way.",
    )
    lines = ReceiptLineInput(
        many=True, required=False, max_length=MOST_LINES, help_text="Only what is short or damaged."
    )
    note = serializers.CharField(max_length=rules.MOST_NOTE, required=False, allow_blank=True, default="")


class OrderChange(serializers.Serializer):  # type: ignore[type-arg]
    external_key = serializers.CharField(max_length=80, allow_blank=True)


class NextSchema(serializers.Serializer):  # type: ignore[type-arg]
    code = serializers.CharField()
    name = serializers.CharField()
    kind = serializers.CharField()
    side = serializers.CharField()
    role = serializers.CharField()
    who = serializers.CharField()
    since = serializers.DateTimeField(allow_null=True)
    due = serializers.DateTimeField(allow_null=True)
    late = serializers.BooleanField()
    mine = serializers.BooleanField()


class OrderRowSchema(serializers.Serializer):  # type: ignore[type-arg]
    number = serializers.CharField()
    external_key = serializers.CharField()
    status = serializers.ChoiceField(Order.Status.choices)
    company = serializers.CharField(help_text="The buyer's code.")
    company_name = serializers.CharField()
    seller_name = serializers.CharField()
    po_number = serializers.CharField()
    gross = serializers.DecimalField(14, 2)
    currency = serializers.CharField()
    line_count = serializers.IntegerField()
    submitted_at = serializers.DateTimeField()
    requested_on = serializers.DateField(allow_null=True)
    closed_at = serializers.DateTimeField(allow_null=True)
    updated_at = serializers.DateTimeField(
        help_text="Of the last change of the order, its lines or shipments."
    )
    revision = serializers.IntegerField()
    next = NextSchema(allow_null=True, help_text="Who has to do what next.")


class OrderLineSchema(serializers.Serializer):  # type: ignore[type-arg]
    number = serializers.IntegerField()
    product = serializers.IntegerField(allow_null=True)
    sku = serializers.CharField()
    name = serializers.CharField()
    unit = serializers.CharField()
    quantity = serializers.DecimalField(14, 3)
    unit_price = serializers.DecimalField(14, 4)
    net = serializers.DecimalField(14, 2)
    tax_rate = serializers.DecimalField(6, 4)
    note = serializers.CharField()
    allocated = serializers.DecimalField(14, 3)
    backordered = serializers.DecimalField(14, 3)
    shipped = serializers.DecimalField(14, 3)
    dropped = serializers.DecimalField(14, 3)
    received = serializers.DecimalField(14, 3)
    short = serializers.DecimalField(14, 3)
    damaged = serializers.DecimalField(14, 3)
    supply = serializers.CharField(help_text="What is reserved and when the rest is expected, in words.")


class ShipmentLineSchema(serializers.Serializer):  # type: ignore[type-arg]
    number = serializers.IntegerField()
    sku = serializers.CharField()
    quantity = serializers.DecimalField(14, 3)
    received = serializers.DecimalField(14, 3)
    short = serializers.DecimalField(14, 3)
    damaged = serializers.DecimalField(14, 3)
    note = serializers.CharField()


class ShipmentSchema(serializers.Serializer):  # type: ignore[type-arg]
    number = serializers.CharField()
    external_key = serializers.CharField()
    carrier = serializers.CharField()
    tracking_number = serializers.CharField()
    warehouse = serializers.CharField()
    note = serializers.CharField()
    shipped_at = serializers.DateTimeField()
    received_at = serializers.DateTimeField(allow_null=True)
    lines = ShipmentLineSchema(many=True)


class TransitionSchema(serializers.Serializer):  # type: ignore[type-arg]
    at = serializers.DateTimeField()
    who = serializers.CharField()
    company = serializers.CharField()
    action = serializers.CharField()
    label = serializers.CharField()
    from_step = serializers.CharField()
    to_step = serializers.CharField()
    note = serializers.CharField()
    details = serializers.DictField()


class StepSchema(serializers.Serializer):  # type: ignore[type-arg]
    code = serializers.CharField()
    name = serializers.CharField()
    kind = serializers.CharField()
    side = serializers.CharField()
    role = serializers.CharField()
    who = serializers.CharField()
    state = serializers.ChoiceField(["done", "current", "ahead", "stopped", "omitted"])
    at = serializers.DateTimeField(allow_null=True)
    by = serializers.CharField()
    due = serializers.DateTimeField(allow_null=True)


class OrderSchema(OrderRowSchema):
    totals = TotalsSchema()
    payment = serializers.ChoiceField(Order.Payment.choices)
    terms = serializers.CharField()
    note = serializers.CharField()
    address = serializers.DictField()
    invoice_title = serializers.DictField()
    placed_by = serializers.CharField()
    held = serializers.CharField(help_text="Why it is over credit; for the seller only.")
    same_po_number = serializers.ListField(
        child=serializers.CharField(),
        help_text="Other orders of the company with the same po_number: one of them may have been placed twice.",
    )
    actions = serializers.ListField(child=serializers.CharField(), help_text="What the caller may do now.")
    lines = OrderLineSchema(many=True)
    shipments = ShipmentSchema(many=True)
    steps = StepSchema(many=True)


class CardSchema(serializers.Serializer):  # type: ignore[type-arg]
    number = serializers.CharField()
    revision = serializers.IntegerField()
    company = serializers.CharField()
    company_name = serializers.CharField()
    gross = serializers.DecimalField(14, 2)
    currency = serializers.CharField()
    line_count = serializers.IntegerField()
    since = serializers.DateTimeField(allow_null=True)
    due = serializers.DateTimeField(allow_null=True)
    hours = serializers.IntegerField()
    late = serializers.BooleanField()
    blocked = serializers.CharField()
    actions = serializers.ListField(child=serializers.CharField())


class ColumnSchema(serializers.Serializer):  # type: ignore[type-arg]
    code = serializers.CharField()
    name = serializers.CharField()
    kind = serializers.CharField()
    count = serializers.IntegerField()
    late = serializers.IntegerField()
    orders = CardSchema(many=True, help_text="The 50 that wait longest.")


class BoardSchema(serializers.Serializer):  # type: ignore[type-arg]
    columns = ColumnSchema(many=True)


class WaitingStepSchema(serializers.Serializer):  # type: ignore[type-arg]
    step = serializers.CharField()
    name = serializers.CharField()
    kind = serializers.CharField()
    count = serializers.IntegerField()


class WaitingSchema(serializers.Serializer):  # type: ignore[type-arg]
    to_do = serializers.IntegerField()
    returned = serializers.IntegerField()
    in_progress = serializers.IntegerField()
    steps = WaitingStepSchema(many=True)


class DocumentQuery(serializers.Serializer):
    lang = serializers.ChoiceField(
        ["en", "zh-hans"], required=False, help_text="Language of the document; else that of the order."
    )


class OrderExportSchema(ExportOutput):
    """A long document of an order.

    ``state``: waiting, running, done (fetch ``file``), failed (``message`` says why).
    """

    document = serializers.ChoiceField(OrderExport.Document.choices)
    order = serializers.CharField(help_text="Number of the order.")
    shipment = serializers.CharField(allow_null=True, help_text="Number of the shipment of a delivery note.")
    done = serializers.IntegerField(help_text="Lines written so far.")
