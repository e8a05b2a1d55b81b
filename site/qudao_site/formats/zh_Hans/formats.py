"""Thousands are separated in Chinese too, where Wagtail's lists write a number; dates are Django's."""

THOUSAND_SEPARATOR = ","
NUMBER_GROUPING = 3
