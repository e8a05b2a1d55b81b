from typing import Any

from django.db import migrations

from qudao_partner_portal.people.groups import CHANNEL_MANAGERS, CONTENT_EDITORS, permission


def give(apps: Any, schema_editor: Any) -> None:
    """Both groups write or arrange what companies read, and may look at it as one of them."""
    right = permission(
        apps, "qudao_partner_portal", "company", "preview_as_company", "Can preview pages as a company"
    )
    for group in apps.get_model("auth", "Group").objects.filter(name__in=[CHANNEL_MANAGERS, CONTENT_EDITORS]):
        group.permissions.add(right)


class Migration(migrations.Migration):
    dependencies = [("qudao_partner_portal", "0013_file_mappings")]

    operations = [
        migrations.AlterModelOptions(
            name="company",
            options={
                "ordering": ["path"],
                "permissions": [("preview_as_company", "Can preview pages as a company")],
                "verbose_name": "company",
                "verbose_name_plural": "companies",
            },
        ),
        migrations.RunPython(give, migrations.RunPython.noop),
    ]
