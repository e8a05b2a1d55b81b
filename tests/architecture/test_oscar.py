"""Oscar is a guest: its apps keep their labels, and what we replace in it exists."""

import importlib

import pytest
from django.apps import apps
from qudao_site import oscar_overrides

pytestmark = pytest.mark.any_database


def test_every_oscar_app_keeps_its_label() -> None:
    """Foreign keys by label string and Oscar's own migrations count on these."""
    labels = {config.label for config in apps.get_app_configs()}
    expected = {
        "address",
        "analytics",
        "basket",
        "catalogue",
        "checkout",
        "communication",
        "customer",
        "offer",
    }
    assert expected | {"order", "partner", "payment", "reviews", "search", "shipping", "voucher"} <= labels


def test_each_replaced_class_exists_in_oscar() -> None:
    missing = [
        f"oscar.apps.{module}.{name}"
        for module, name in oscar_overrides.OVERRIDES
        if not hasattr(importlib.import_module(f"oscar.apps.{module}"), name)
    ]
    assert missing == []


def test_each_replacement_can_be_loaded() -> None:
    for path in oscar_overrides.OVERRIDES.values():
        module, _, name = path.rpartition(".")
        assert hasattr(importlib.import_module(module), name), path
