"""Who may do what in the back office: every change of it stands in the history of the person or group.

Wagtail's own screens change groups and permissions, so this listens to Django's signals; the acting person comes from
Wagtail's log context, which holds around every view of its admin, and is the system elsewhere.
"""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db.models import Model
from django.db.models.signals import m2m_changed, post_save, pre_save
from qudao_core.audit.rules import differences
from qudao_core.audit.services import record
from qudao_core.cache_versions.services import bump

FLAGS = ("is_active", "is_staff", "is_superuser")


def connect() -> None:
    """Called once at start."""
    user_model = get_user_model()
    pre_save.connect(_remember_flags, sender=user_model, weak=False, dispatch_uid="qudao-user-flags-before")
    post_save.connect(_compare_flags, sender=user_model, weak=False, dispatch_uid="qudao-user-flags-after")
    for owner, name in ((user_model, "groups"), (user_model, "user_permissions"), (Group, "permissions")):
        field = getattr(owner, name, None)
        if field is not None:
            uid = f"qudao-permission-log-{owner._meta.label}-{name}"
            m2m_changed.connect(_linked, sender=field.through, weak=False, dispatch_uid=uid)


def _remember_flags(
    sender: type[Model], instance: Any, update_fields: Any = None, raw: bool = False, **kwargs: Any
) -> None:
    instance._flags_before = None
    touched = update_fields is None or not set(FLAGS).isdisjoint(update_fields)
    if instance.pk and touched and not raw:
        instance._flags_before = sender._default_manager.filter(pk=instance.pk).values(*FLAGS).first()


def _compare_flags(
    sender: type[Model], instance: Any, created: bool, update_fields: Any = None, **kwargs: Any
) -> None:
    """Signing in saves ``last_login`` only; that changes nobody's view."""
    if not created and set(update_fields or ()) != {"last_login"}:
        bump("people")
    before = getattr(instance, "_flags_before", None)
    changes = differences(before, {name: getattr(instance, name) for name in FLAGS}) if before else {}
    if changes:
        record(actor=None, instance=instance, action="qudao.permissions.changed", data={"changes": changes})


def _linked(
    sender: type[Model],
    instance: Any,
    action: str,
    reverse: bool = False,
    model: Any = None,
    pk_set: Any = None,
    **kwargs: Any,
) -> None:
    if not action.startswith("post_"):
        return
    bump("people")
    if action == "post_clear":
        changes = {str(model._meta.verbose_name_raw): ["*", ""]}
        record(actor=None, instance=instance, action="qudao.permissions.changed", data={"changes": changes})
    elif pk_set:
        names = ", ".join(sorted(str(row) for row in model._default_manager.filter(pk__in=pk_set)[:100]))
        pair = ["", names] if action == "post_add" else [names, ""]
        changes = {str(model._meta.verbose_name_raw): pair}
        record(actor=None, instance=instance, action="qudao.permissions.changed", data={"changes": changes})
