"""The API's own two pages: the OpenAPI document, and a reference for people made from it."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiYamlRenderer
from drf_spectacular.settings import patched_settings

from . import reference as read
from .operations import asking
from .renderers import dumps

#: Holds whatever a host has set for other schemas of its own.
_SETTINGS: dict[str, Any] = {
    "OAS_VERSION": "3.1.1",
    "TITLE": "Qudao API",
    "VERSION": "v1",
    "SCHEMA_PATH_PREFIX": None,
    "PREPROCESSING_HOOKS": ["qudao_core.headless.schema.only_ours"],
    # Choices stay with their field: shared ones would need invented names.
    "POSTPROCESSING_HOOKS": ["qudao_core.headless.schema.finish"],
    "DESCRIPTION": _(
        "The channel platform's API. Every address ends with a slash; every error is a problem (RFC 9457)."
    ),
    "LICENSE": {"name": "BSD-3-Clause", "identifier": "BSD-3-Clause"},
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
}


@require_safe
def schema(request: HttpRequest) -> HttpResponse:
    """OpenAPI 3.1 as JSON, or as YAML with ``?format=yaml``."""
    language = translation.get_language() or "en"
    if request.GET.get("format") == "yaml":
        body, kind = OpenApiYamlRenderer().render(document(language), renderer_context={}), "application/yaml"
    else:
        body, kind = dumps(document(language)), "application/json"
    return _public(HttpResponse(body, content_type=kind))


@require_safe
def reference(request: HttpRequest) -> HttpResponse:
    """Every operation with its parameters, fields, answers and a call to copy."""
    language = translation.get_language() or "en"
    context = {
        "page_title": gettext("API reference"),
        "groups": _groups(language),
        "base_url": request.build_absolute_uri("/").rstrip("/"),
        "schema_url": request.build_absolute_uri("schema/"),
    }
    return _public(render(request, "qudao_core/headless/reference.html", context))


@lru_cache(maxsize=8)
def document(language: str) -> dict[str, Any]:
    """The OpenAPI document in `language`. It changes only with the code, so it is made once per process."""
    with asking, translation.override(language), patched_settings(_SETTINGS):
        return SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-any-return, no-untyped-call]


@lru_cache(maxsize=8)
def _groups(language: str) -> list[read.Group]:
    return read.groups(document(language))


def _public(response: HttpResponse) -> HttpResponse:
    patch_vary_headers(response, ("Accept-Language", "Cookie"))
    return response
