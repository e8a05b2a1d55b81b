"""Plugins of other packages: which are used, and what is mounted of them. docs/add builds and installs a real one."""

import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.urls import Resolver404
from qudao_site.plugins import installed_plugins, plugin_urls

pytestmark = pytest.mark.no_database


@pytest.fixture
def packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder on the path, to install packages into."""
    monkeypatch.syspath_prepend(str(tmp_path))
    return tmp_path


def install(folder: Path, package: str, plugin: str, app: str) -> None:
    about = folder / f"{package}-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: 1.0\n")
    (about / "entry_points.txt").write_text(f"[qudao.plugins]\n{plugin} = {app}\n")


def test_installed_plugins_are_used_in_the_order_of_their_names(packages: Path) -> None:
    install(packages, "second", "warranty", "acme_warranty")
    install(packages, "first", "loyalty", "acme_loyalty")
    assert installed_plugins() == ["acme_loyalty", "acme_warranty"]
    assert installed_plugins(["warranty"]) == ["acme_warranty"]
    assert installed_plugins([]) == []


def test_a_plugin_that_is_not_installed_stops_the_start() -> None:
    with pytest.raises(ImproperlyConfigured, match="QUDAO_PLUGINS names loyalty"):
        installed_plugins(["loyalty"])


def test_two_packages_cannot_share_a_name(packages: Path) -> None:
    install(packages, "first", "warranty", "acme_warranty")
    install(packages, "second", "warranty", "other_warranty")
    with pytest.raises(ImproperlyConfigured, match="'warranty'"):
        installed_plugins()


def test_addresses_are_mounted_by_kind(packages: Path) -> None:
    for app, lines in {"with_pages": PAGES, "without_urls": None}.items():
        (packages / app).mkdir()
        (packages / app / "__init__.py").write_text("")
        if lines:
            (packages / app / "urls.py").write_text(lines)
    try:
        (web,) = plugin_urls(["with_pages", "without_urls"], "web", "shop/")
        assert web.resolve("shop/here/").view_name == "with_pages:here"
        with pytest.raises(Resolver404):
            web.resolve("here/")
        assert plugin_urls(["with_pages"], "api") == []
    finally:
        for name in ("with_pages", "with_pages.urls", "without_urls"):
            sys.modules.pop(name, None)


PAGES = """
from django.urls import path
from django.views import View

web_urlpatterns = [path("here/", View.as_view(), name="here")]
"""
