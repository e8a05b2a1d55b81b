"""Plugins of other packages: what is installed beside Qudao and says so by an entry point.

A package announces its Django app in its ``pyproject.toml``::

    [project.entry-points."qudao.plugins"]
    warranty = "warranty"

Installing the package is enough: the site adds the app to ``INSTALLED_APPS`` before its own (so that templates of the
plugin win) and mounts the ``web_urlpatterns`` and ``api_urlpatterns`` of its ``urls`` module.
"""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module, metadata
from importlib.util import find_spec

from django.core.exceptions import ImproperlyConfigured
from django.urls import URLPattern, URLResolver, include, path

GROUP = "qudao.plugins"


def installed_plugins(wanted: Iterable[str] | None = None) -> list[str]:
    """The apps of installed plugins, by the name of their entry point; of ``wanted`` only, where it is given.

    :raises ImproperlyConfigured: a wanted plugin is not installed, or two packages use one name.
    """
    apps: dict[str, str] = {}
    for point in metadata.entry_points(group=GROUP):
        if apps.setdefault(point.name, point.value) != point.value:
            raise ImproperlyConfigured(f"Two installed packages call their plugin {point.name!r}.")
    names = sorted(apps if wanted is None else set(wanted))
    missing = [name for name in names if name not in apps]
    if missing:
        raise ImproperlyConfigured(f"QUDAO_PLUGINS names {', '.join(missing)}: no installed package has it.")
    return [apps[name] for name in names]


def plugin_urls(apps: Iterable[str], kind: str, prefix: str = "") -> list[URLPattern | URLResolver]:
    """The ``web`` or ``api`` addresses of plugins, below ``prefix``; an app without a ``urls`` module has none."""
    found: list[URLPattern | URLResolver] = []
    for app in apps:
        if find_spec(f"{app}.urls") is None:
            continue
        patterns = getattr(import_module(f"{app}.urls"), f"{kind}_urlpatterns", None)
        if patterns:
            namespace = app if kind == "web" else f"{app}-{kind}"
            found.append(path(prefix, include((patterns, namespace))))
    return found
