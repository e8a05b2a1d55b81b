"""What the settings make of addresses of services; used by the settings only. A wrong one is named, not guessed."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured
from django_cache_url import parse as parse_cache

SMTP = "django.core.mail.backends.smtp.EmailBackend"
#: Scheme → backend. The names ending in ``mail`` are those of django-environ and environs.
MAIL_BACKENDS = {
    "smtp": SMTP,
    "smtps": SMTP,
    "submission": SMTP,
    "submit": SMTP,
    "console": "django.core.mail.backends.console.EmailBackend",
    "file": "django.core.mail.backends.filebased.EmailBackend",
    "memory": "django.core.mail.backends.locmem.EmailBackend",
    "dummy": "django.core.mail.backends.dummy.EmailBackend",
}
MAIL_BACKENDS |= {f"{name}mail": MAIL_BACKENDS[name] for name in ("console", "file", "memory", "dummy")}
MAIL_PORTS = {"smtp": 25, "smtps": 465, "submission": 587, "submit": 587}
YES = {"1", "true", "yes", "on"}
#: Seconds a silent mail server, and a silent Redis, are waited for.
MAIL_TIMEOUT = 15
CACHE_TIMEOUT = 0.5


def mail_settings(name: str, url: str) -> dict[str, Any]:
    """Django's mail settings for ``smtp://``, ``submission://`` (STARTTLS), ``smtps://`` (TLS), ``console:`` ….

    :raises ImproperlyConfigured: an unknown scheme, a wrong port.
    """
    parts, port = _split(name, url)
    if parts.scheme not in MAIL_BACKENDS:
        raise ImproperlyConfigured(
            f"{name} begins with {parts.scheme or url!r}; it must begin with one of "
            f"{', '.join(sorted(MAIL_BACKENDS))}, for example submission://user:password@mail.example.com:587."
        )
    wanted = {key: values[-1] for key, values in parse_qs(parts.query).items()}
    ssl = parts.scheme == "smtps" or wanted.get("ssl", "").lower() in YES
    tls = parts.scheme in ("submission", "submit") or wanted.get("tls", "").lower() in YES
    folder = unquote(parts.netloc + parts.path)
    return {
        "EMAIL_BACKEND": MAIL_BACKENDS[parts.scheme],
        "EMAIL_HOST": parts.hostname or "localhost",
        "EMAIL_PORT": port or MAIL_PORTS.get(parts.scheme, 25),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": ssl,
        "EMAIL_USE_TLS": tls and not ssl,
        "EMAIL_TIMEOUT": int(wanted.get("timeout", MAIL_TIMEOUT)),
        "EMAIL_FILE_PATH": folder if parts.scheme in ("file", "filemail") and folder else None,
    }


def cache_settings(name: str, url: str) -> dict[str, Any]:
    """Django's cache for ``redis://``, ``rediss://``, ``unix:///socket?db=0`` (see :mod:`.caching`), or any other that
    django-cache-url knows (``locmem://``, ``dummy://``, ``file:///folder``, ``memcached://host:11211`` …).

    :raises ImproperlyConfigured: an unknown scheme, a wrong port.
    """
    parts, _port = _split(name, url)
    if parts.scheme in ("redis", "rediss", "unix"):
        return {
            "BACKEND": "qudao_site.caching.RedisCache",
            "LOCATION": url,
            "OPTIONS": {"socket_timeout": CACHE_TIMEOUT, "socket_connect_timeout": CACHE_TIMEOUT},
        }
    try:
        return dict(parse_cache(url))
    except Exception as error:  # the library raises nothing more precise
        raise ImproperlyConfigured(
            f"{name} begins with {parts.scheme or url!r}, which is no cache; for example redis://host:6379/0."
        ) from error


def check_web_address(name: str, url: str) -> str:
    """``url`` when people could type it: a scheme and a host.

    :raises ImproperlyConfigured: it is none.
    """
    parts, _port = _split(name, url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ImproperlyConfigured(
            f"{name} is {url!r}; it must begin with https:// or http://, for example https://channel.example.com."
        )
    return url


def _split(name: str, url: str) -> tuple[Any, int | None]:
    parts = urlsplit(url)
    try:
        return parts, parts.port if parts.netloc and "," not in parts.netloc else None
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} has a port that is no number: {error}") from error
