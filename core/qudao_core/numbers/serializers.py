"""Decimal fields of the API: a JSON number, or a text of digits with a point. Nothing else is read."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from rest_framework import serializers

from . import messages, rules


class DecimalField(serializers.DecimalField):
    """As DRF's, but read by the one reader: ``1,5``, ``1e3``, ``1_000``, ``NaN`` and ``１２`` are refused."""

    def to_internal_value(self, data: Any) -> Decimal:
        if isinstance(data, bool) or not isinstance(data, str | int | float | Decimal):
            self.fail("invalid")
        try:
            number = rules.read_number(str(data), rules.PROGRAM)
        except rules.NumberError as error:
            if error.code == rules.AMBIGUOUS:
                raise serializers.ValidationError(messages.error_message(error), code=error.code) from error
            self.fail("invalid")
        return super().to_internal_value(number)
