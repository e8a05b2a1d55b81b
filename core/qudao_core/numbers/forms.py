"""Number fields of forms: what a person types is read by the one reader, in the way of their language."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import get_language
from wagtail.admin.forms.models import register_form_field_override

from . import messages, rules


class DecimalField(forms.DecimalField):
    """A decimal number, typed as in the reader's language; what is ambiguous is asked back.

    A text field on purpose: a browser's number field hands over nothing at all where it does not understand.
    """

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}))
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> Decimal | None:
        if value in self.empty_values or (isinstance(value, str) and not value.strip()):
            return None
        if isinstance(value, Decimal | int) and not isinstance(value, bool):
            return Decimal(value)
        try:
            return rules.read_amount(str(value), rules.number_format_of(get_language() or "en"))
        except rules.NumberError as error:
            raise ValidationError(messages.error_message(error), code=error.code) from error

    def prepare_value(self, value: Any) -> Any:
        """What is stored, without zeros that say nothing; what was typed, as it was typed."""
        return rules.format_number(value) if isinstance(value, Decimal) else value


class LocalizedNumbersMixin(forms.BaseForm):
    """A form all of whose decimal fields, its model's too, are read by the one reader. Stands first among bases."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if type(field) is forms.DecimalField:
                self.fields[name] = _reading(field)


def _reading(field: forms.DecimalField) -> DecimalField:
    found = DecimalField(
        max_value=field.max_value,
        min_value=field.min_value,
        max_digits=field.max_digits,
        decimal_places=field.decimal_places,
        required=field.required,
        label=field.label,
        initial=field.initial,
        help_text=field.help_text,
        disabled=field.disabled,
    )
    found.validators = list(field.validators)
    return found


def register() -> None:
    """Wagtail's own forms for models with decimal fields use :class:`DecimalField` too."""
    register_form_field_override(models.DecimalField, override={"form_class": DecimalField})
