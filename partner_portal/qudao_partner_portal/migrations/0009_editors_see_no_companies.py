"""Content editors aim at audiences by name; companies' addresses, tax numbers and people are no part of that."""

from typing import Any

from django.db import migrations

from qudao_partner_portal.people.groups import CONTENT_EDITORS

PORTAL = "qudao_partner_portal"


def take_away(apps: Any, schema_editor: Any) -> None:
    found = {"content_type__app_label": PORTAL, "codename": "view_company"}
    rights = apps.get_model("auth", "Permission").objects.filter(**found)
    for group in apps.get_model("auth", "Group").objects.filter(name=CONTENT_EDITORS):
        group.permissions.remove(*rights)


class Migration(migrations.Migration):
    dependencies = [(PORTAL, "0008_changes_and_answers")]
    operations = [migrations.RunPython(take_away, migrations.RunPython.noop)]
