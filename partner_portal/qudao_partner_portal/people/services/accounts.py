"""Accounts on whatever user model the host has: ours signs in by e-mail, Django's own by a user name."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.contrib.auth import get_user_model


def create_user(*, email: str, name: str, password: str, language: str = "") -> Any:
    """A new account whose address is known to be right."""
    user = unsaved_user(email=email, name=name)
    if language and has_field("language"):
        user.language = language
    user.set_password(password)
    user.save()
    _mark_verified(user)
    return user


def unsaved_user(*, email: str, name: str) -> Any:
    """The account somebody is about to have: what a password is compared with before there is one."""
    model = get_user_model()
    user = model(email=email)
    if model.USERNAME_FIELD != "email":
        setattr(user, model.USERNAME_FIELD, email)
    set_name(user, name)
    return user


def set_name(user: Any, name: str) -> None:
    """The whole name in one field: no language's order of names is right for all."""
    text = " ".join(name.split())
    user.first_name = text[: user._meta.get_field("first_name").max_length]
    user.last_name = ""


def has_field(name: str) -> bool:
    """Whether the host's user model keeps ``phone`` or ``language``."""
    return any(field.name == name for field in get_user_model()._meta.get_fields())


def _mark_verified(user: Any) -> None:
    """Tell allauth, where the host has it, that this address needs no confirmation mail."""
    if apps.is_installed("allauth.account"):
        rows = apps.get_model("account", "EmailAddress").objects
        rows.get_or_create(user=user, email=user.email, defaults={"verified": True, "primary": True})
