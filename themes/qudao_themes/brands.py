"""Which brand a request is dressed in, and what the brand is called.

A brand is a folder ``static/qudao_themes/brands/<key>/`` with ``tokens.css`` and ``logo.svg``. Any installed
app or static directory of the host may hold one. Settings (all optional)::

    QUDAO_BRANDS = {
        "default": "lanhe",
        "brands": {"acme": {"name": {"en": "Acme", "zh-hans": "艾克美"}, "tagline": {...}}},
        "sites": {"dealer.acme.example": "acme", "Acme dealers": "acme"},
    }

``sites`` maps a host name (with or without port) or the name of the Wagtail site to a brand key. ``resolver``
may name a callable (dotted path): request → brand key or ``None``; it is asked first. A site that says nothing wears
``plain``: neutral colours, and the site's own name.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest
from django.http.request import split_domain_port
from django.utils.module_loading import import_string
from django.utils.translation import get_language

DEFAULT_BRAND = "plain"

#: The neutral brand, called what the site is called, and two demonstration brands, both fictional.
SHIPPED: dict[str, dict[str, Any]] = {
    "plain": {},
    "lanhe": {
        "name": {"en": "Lanhe Electric", "zh-hans": "岚禾电气"},
        "tagline": {"en": "Light and power, ready to install.", "zh-hans": "光与电，装好即用。"},
    },
    "anshe": {
        "name": {"en": "Anshe Living", "zh-hans": "岸舍家居"},
        "tagline": {"en": "Rooms that feel like home.", "zh-hans": "让每个房间都像家。"},
    },
}


@dataclass(frozen=True, slots=True)
class Brand:
    """A brand as templates use it; texts are in the language of the current request."""

    key: str
    name: str
    tagline: str

    @property
    def tokens(self) -> str:
        """Static path of the token values."""
        return f"qudao_themes/brands/{self.key}/tokens.css"

    @property
    def logo(self) -> str:
        """Static path of the logo."""
        return f"qudao_themes/brands/{self.key}/logo.svg"


def _configured() -> dict[str, Any]:
    return getattr(settings, "QUDAO_BRANDS", None) or {}


def brand_keys() -> list[str]:
    """Keys of every brand this installation knows, shipped ones first."""
    return list({**SHIPPED, **_configured().get("brands", {})})


def get_brand(key: str) -> Brand:
    """The brand ``key`` in the current language; an unknown key answers with the default brand."""
    known = {**SHIPPED, **_configured().get("brands", {})}
    if key not in known:
        key = _configured().get("default", DEFAULT_BRAND)
    words = known.get(key) or SHIPPED[DEFAULT_BRAND]
    name = words.get("name", site_name() if key == DEFAULT_BRAND else key)
    return Brand(key, _in_language(name), _in_language(words.get("tagline", "")))


def site_name() -> str:
    """What the host calls its site (Wagtail's setting)."""
    return str(getattr(settings, "WAGTAIL_SITE_NAME", "") or "Qudao")


def brand_for(request: HttpRequest) -> Brand:
    """The brand of the request: resolver first, then host name, then Wagtail site name, then the default."""
    return get_brand(_key_for(request))


def _key_for(request: HttpRequest) -> str:
    config = _configured()
    if config.get("resolver"):
        key = _resolver(config["resolver"])(request)
        if key:
            return str(key)
    sites = config.get("sites", {})
    for name in _site_names(request, wanted=bool(sites)):
        if name in sites:
            return str(sites[name])
    return str(config.get("default", DEFAULT_BRAND))


@lru_cache(maxsize=4)
def _resolver(path: str) -> Any:
    return import_string(path)


def _site_names(request: HttpRequest, *, wanted: bool) -> list[str]:
    """Names the request answers to, most exact first; the Wagtail site only if it was found already."""
    if not wanted:
        return []
    try:
        host = request.get_host()
    except DisallowedHost:  # the page that says so wears the default brand
        return []
    names = [host, split_domain_port(host)[0]]
    site = getattr(request, "_wagtail_site", None)
    if site is not None:
        names += [site.site_name, site.hostname]
    return names


def _in_language(text: str | dict[str, str]) -> str:
    if isinstance(text, str):
        return text
    language = (get_language() or "en").lower()
    return (
        text.get(language)
        or text.get(language.split("-")[0])
        or text.get("en")
        or next(iter(text.values()), "")
    )
