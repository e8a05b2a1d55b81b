"""Content editors keep synonyms and read what people search for; channel managers read both."""

from django.db import migrations

from qudao_partner_portal.people.groups import ALL, CHANNEL_MANAGERS, CONTENT_EDITORS, grant_permissions

SEARCH = "qudao_search"
VIEW = ("view",)


def grant(apps, schema_editor):
    grant_permissions(apps, CONTENT_EDITORS, SEARCH, {"synonymset": ALL, "querylog": VIEW})
    grant_permissions(apps, CHANNEL_MANAGERS, SEARCH, {"synonymset": VIEW, "querylog": VIEW})


class Migration(migrations.Migration):
    dependencies = [
        ("qudao_partner_portal", "0005_documents_and_pages"),
        ("qudao_search", "0001_initial"),
    ]

    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
