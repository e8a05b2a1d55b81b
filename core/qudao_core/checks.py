"""System checks: what a host forgot when it installed the platform."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register
from django.shortcuts import resolve_url
from django.urls import Resolver404, resolve
from drf_spectacular.openapi import AutoSchema
from rest_framework.settings import api_settings

MIDDLEWARE = "qudao_core.middleware.ViewerMiddleware"
CONTENTION = "qudao_core.middleware.ContentionMiddleware"


@register("qudao_core")
def check_installation(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """The middleware, the address in mails, and Celery where a broker is named."""
    found: list[CheckMessage] = []
    if MIDDLEWARE not in settings.MIDDLEWARE:
        hint = f"Add {MIDDLEWARE} after AuthenticationMiddleware."
        found.append(Error("Requests carry no viewer.", hint=hint, id="qudao_core.E001"))
    if not issubclass(api_settings.DEFAULT_SCHEMA_CLASS, AutoSchema):
        hint = 'Set REST_FRAMEWORK = {"DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema"}.'
        found.append(Error("The API cannot describe itself.", hint=hint, id="qudao_core.E003"))
    if CONTENTION not in settings.MIDDLEWARE:
        hint = f"Add {CONTENTION} as the last middleware."
        found.append(Warning("Two writers at once may be a server error.", hint=hint, id="qudao_core.W003"))
    if not getattr(settings, "WAGTAILADMIN_BASE_URL", ""):
        hint = "Set WAGTAILADMIN_BASE_URL, for example https://channel.example.com."
        found.append(Warning("Links in mails lead nowhere.", hint=hint, id="qudao_core.W002"))
    if not _leads_somewhere(settings.LOGIN_URL):
        hint = "Set LOGIN_URL to your sign-in page."
        found.append(Warning("LOGIN_URL leads nowhere.", hint=hint, id="qudao_core.W004"))
    if getattr(settings, "CELERY_BROKER_URL", "") and find_spec("celery") is None:
        hint = "Install qudao[celery], or unset CELERY_BROKER_URL and run the dispatcher."
        found.append(Error("A broker is named but Celery is missing.", hint=hint, id="qudao_core.E002"))
    return found


def _leads_somewhere(address: Any) -> bool:
    """Whether a view answers at ``address``; Wagtail's pages, which answer to whatever is left, do not count."""
    parts = urlsplit(str(resolve_url(address)))
    if parts.netloc:
        return True
    try:
        return resolve(parts.path).url_name != "wagtail_serve"
    except Resolver404:
        return False
