"""The back-office groups that the platform ships, and how a plugin's migration gives them their first rights.

Rights are given once, in a migration: what an administrator later takes away stays away.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

CHANNEL_MANAGERS = "Channel managers"
CONTENT_EDITORS = "Content editors"

ALL = ("add", "change", "delete", "view")


def grant_permissions(apps: Any, group: str, app_label: str, actions: Mapping[str, Iterable[str]]) -> None:
    """Give ``group`` rights in a data migration, before Django has made the permissions itself.

    ``apps`` is the migration's registry; ``actions`` maps model names (``"company"``) to ``("view", "change")``.
    The group is made when it is missing. Safe to repeat.
    """
    wanted = [
        permission(apps, app_label, model, f"{action}_{model}", f"Can {action} {model}")
        for model, verbs in actions.items()
        for action in verbs
    ]
    found, _created = apps.get_model("auth", "Group").objects.get_or_create(name=group)
    found.permissions.add(*wanted)


def permission(apps: Any, app_label: str, model: str, codename: str, name: str) -> Any:
    """One permission, made with its content type when Django has not made it yet."""
    content_types = apps.get_model("contenttypes", "ContentType").objects
    content_type, _created = content_types.get_or_create(app_label=app_label, model=model)
    found, _created = apps.get_model("auth", "Permission").objects.get_or_create(
        content_type=content_type, codename=codename, defaults={"name": name}
    )
    return found
