"""What people keep up to date about themselves."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from qudao_core.audit.rules import differences
from qudao_core.audit.services import record
from qudao_core.cache_versions.services import bump
from qudao_core.errors import Problem, Refusal, refusal_of
from qudao_core.viewer import Viewer

from ... import conf
from ...companies.rules import phone as read_phone
from .accounts import has_field, set_name


@transaction.atomic
def change_profile(
    *, viewer: Viewer, name: str | None = None, phone: str | None = None, language: str | None = None
) -> Any:
    """Change the viewer's own name, telephone and language; ``None`` leaves a value. Returns the user.

    Telephone and language are kept where the host's user model has them. Records ``qudao.profile.changed``.

    :raises Refusal: ``not_signed_in``; ``name_required``, ``bad_phone``, ``phone_taken``, ``unknown_language``;
        ``values_invalid`` for several.
    """
    if viewer.user_id is None:
        raise Refusal("not_signed_in", _("Sign in first."), status=401)
    user = get_user_model()._default_manager.select_for_update().get(pk=viewer.user_id)
    before = _facts(user)
    problems = [
        found for found in (_name(user, name), _phone(user, phone), _language(user, language)) if found
    ]
    if problems:
        raise refusal_of(problems)
    changed = differences(before, _facts(user))
    if changed:
        user.save()
        bump("people")
        record(actor=viewer, instance=user, action="qudao.profile.changed", data={"changes": changed})
    return user


def _facts(user: Any) -> dict[str, Any]:
    facts = {"name": user.get_full_name()}
    return facts | {name: getattr(user, name) for name in ("phone", "language") if has_field(name)}


def _name(user: Any, name: str | None) -> Problem | None:
    if name is None or name.strip() == user.get_full_name():
        return None
    if not name.strip():
        return Problem("name_required", _("Enter your name so that colleagues recognise you."), field="name")
    set_name(user, name)
    return None


def _phone(user: Any, phone: str | None) -> Problem | None:
    if phone is None or not has_field("phone"):
        return None
    found = read_phone(phone, conf.country()) if phone.strip() else ""
    if found is None:
        remedy = _("Enter it with its area code, or with + and the country code.")
        return Problem("bad_phone", _("This is not a telephone number."), field="phone", remedy=remedy)
    others = type(user)._default_manager.filter(phone=found).exclude(pk=user.pk)
    if found and others.exists():
        return Problem("phone_taken", _("Another person already uses this telephone number."), field="phone")
    user.phone = found
    return None


def _language(user: Any, language: str | None) -> Problem | None:
    if language is None or not has_field("language"):
        return None
    if language and language not in dict(settings.LANGUAGES):
        return Problem("unknown_language", _("This language is not offered."), field="language")
    user.language = language
    return None
