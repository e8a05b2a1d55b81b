"""Every Oscar class this site replaces, in one table, and the loader that reads it.

Oscar asks its class loader for nearly every class by (module label, name). The loader answers from the table
first, so nothing of Oscar is forked. The label ``search`` is answered only from our package: Oscar's own
imports Haystack.
"""

from importlib import import_module
from typing import Any

from django.utils.module_loading import import_string
from oscar.core.loading import default_class_loader

OVERRIDES: dict[tuple[str, str], str] = {}

OWN_APPS = {"search": "qudao_site.oscar_search"}


def load_classes(module_label: str, class_names: list[str], module_prefix: str) -> list[Any]:
    """Return the classes `class_names` of Oscar module `module_label` ("order.utils"), overrides first."""
    app_label, _, module = module_label.partition(".")
    if app_label in OWN_APPS:
        own = import_module(f"{OWN_APPS[app_label]}.{module}")
        return [getattr(own, name) for name in class_names]
    return [_load(module_label, name, module_prefix) for name in class_names]


def _load(module_label: str, class_name: str, module_prefix: str) -> Any:
    replacement = OVERRIDES.get((module_label, class_name))
    if replacement is not None:
        return import_string(replacement)
    return default_class_loader(module_label, [class_name], module_prefix)[0]
