"""Numbers typed into forms and sent to the API go through the one reader."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django import forms
from django.apps import apps
from django.db import models
from django.forms.models import modelform_factory
from django.utils import translation
from qudao_core.numbers.forms import DecimalField, LocalizedNumbersMixin
from qudao_core.numbers.serializers import DecimalField as ApiDecimalField
from rest_framework.exceptions import ValidationError
from wagtail.admin.forms.models import WagtailAdminModelForm

pytestmark = pytest.mark.any_database


class Plain(LocalizedNumbersMixin, forms.Form):
    price = forms.DecimalField(max_digits=14, decimal_places=4, min_value=0, help_text="Net.")
    share = forms.DecimalField(required=False, initial=Decimal("5.0000"))


@pytest.mark.parametrize(
    ("language", "typed", "price"),
    [
        ("en", "12.5", "12.5"),
        ("en", " ¥1,250.50 ", "1250.50"),
        ("zh-hans", "１２．５", "12.5"),
        ("de", "12,5", "12.5"),
        ("de", "1.250", "1250"),
    ],
)
def test_a_form_reads_numbers_in_the_readers_language(language: str, typed: str, price: str) -> None:
    with translation.override(language):
        form = Plain({"price": typed})
        assert form.is_valid(), form.errors
    assert form.cleaned_data == {"price": Decimal(price), "share": None}


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("0,125", "ambiguous_number"),
        ("1,5", "ambiguous_number"),
        ("1e3", "not_a_number"),
        ("NaN", "not_a_number"),
    ]
    + [
        ("-1", "min_value"),
        ("0.12345", "max_decimal_places"),
        ("99999999999", "max_whole_digits"),
        ("", "required"),
    ],
)
def test_a_form_says_what_it_cannot_read(typed: str, code: str) -> None:
    form = Plain({"price": typed})
    assert [error.code for error in form.errors.as_data()["price"]] == [code]
    if code == "ambiguous_number":
        assert " or " in form.errors["price"][0]


def test_a_stored_number_is_shown_without_idle_zeros_in_a_text_field() -> None:
    form = Plain()
    assert form["share"].value() == "5"
    assert 'type="text"' in str(form["share"]) and 'inputmode="decimal"' in str(form["share"])
    assert form.fields["price"].help_text == "Net."
    assert not Plain({"price": "1", "share": "5"}).fields["share"].has_changed(Decimal("5.0000"), "5")


def test_wagtails_own_forms_read_numbers_the_same_way() -> None:
    model = apps.get_model("qudao_catalog", "TaxClass")
    form = modelform_factory(model, form=WagtailAdminModelForm, fields=["rate"])
    assert isinstance(form().fields["rate"], DecimalField)


def test_the_steps_of_an_order_flow_read_their_amounts_the_same_way() -> None:
    from qudao_b2b_ordering.flow.admin import FlowViewSet  # noqa: PLC0415 - needs the apps

    edited = FlowViewSet.edit_handler.bind_to_model(
        apps.get_model("qudao_b2b_ordering", "Flow")
    ).get_form_class()
    (steps,) = edited.formsets.values()
    assert isinstance(steps.form().fields["min_amount"], DecimalField)


def _subclasses(base: type) -> set[type]:
    return {base} | {each for child in base.__subclasses__() for each in _subclasses(child)}


def test_every_form_of_ours_for_a_model_with_decimals_reads_numbers() -> None:
    import qudao_b2b_ordering.wagtail_hooks  # noqa: F401, PLC0415 - the back office's forms
    import qudao_catalog.wagtail_hooks  # noqa: F401, PLC0415

    silent = []
    for form in _subclasses(forms.BaseForm) - {forms.BaseForm}:
        if not form.__module__.startswith("qudao_") or form.__module__.startswith("qudao_themes"):
            continue
        model = getattr(getattr(form, "_meta", None), "model", None)
        names = set(getattr(form, "base_fields", {}))
        decimals = [
            name
            for name, field in getattr(form, "base_fields", {}).items()
            if isinstance(field, forms.DecimalField) and not isinstance(field, DecimalField)
        ]
        if model is not None and not decimals:
            decimals = [
                f.name
                for f in model._meta.get_fields()
                if isinstance(f, models.DecimalField) and f.name in names
            ]
            decimals = [name for name in decimals if not isinstance(form.base_fields[name], DecimalField)]  # type: ignore[attr-defined]
        if decimals and not issubclass(form, LocalizedNumbersMixin):
            silent.append((form.__qualname__, decimals))
    assert silent == []


@pytest.mark.parametrize("sent", ["12.5", 12.5, 12, Decimal("12.5"), "-3", " 1.250 "])
def test_the_api_reads_digits_and_a_point(sent: Any) -> None:
    assert ApiDecimalField(14, 3).run_validation(sent) == Decimal(str(sent).strip())


@pytest.mark.parametrize(
    ("sent", "code"),
    [("1,5", "ambiguous_number"), ("1,250", "ambiguous_number"), ("1e3", "invalid"), ("1_000", "invalid")]
    + [("１２", "invalid"), ("NaN", "invalid"), (float("inf"), "invalid"), (True, "invalid"), ([], "invalid")]
    + [("1,234.5", "invalid"), ("", "invalid"), ("0.1234", "max_decimal_places"), (None, "null")],
)
def test_the_api_refuses_everything_else(sent: Any, code: str) -> None:
    with pytest.raises(ValidationError) as caught:
        ApiDecimalField(14, 3).run_validation(sent)
    assert caught.value.get_codes() == [code]
