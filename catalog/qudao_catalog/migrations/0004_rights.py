"""What the groups of the back office may do with products and the handbook."""

from django.apps import apps as installed
from django.db import migrations

from qudao_partner_portal.people.groups import ALL, CHANNEL_MANAGERS, CONTENT_EDITORS, grant_permissions, permission

TRANSLATING = installed.is_installed("wagtail.contrib.simple_translation")

OSCAR = {
    "product": ALL,
    "category": ALL,
    "productclass": ALL,
    "attributeoptiongroup": ALL,
}
VIEW = ("view",)
MANAGERS = {
    "productline": ALL,
    "unit": ALL,
    "taxclass": ALL,
    "assortment": ALL,
    "translation": VIEW,
}
EDITORS = {"productline": VIEW, "unit": VIEW, "taxclass": VIEW, "assortment": VIEW, "translation": VIEW, "productprofile": VIEW}


def grant(apps, schema_editor):
    for group, own in ((CHANNEL_MANAGERS, MANAGERS), (CONTENT_EDITORS, EDITORS)):
        grant_permissions(apps, group, "catalogue", OSCAR)
        grant_permissions(apps, group, "qudao_catalog", own)
    let_editors_translate(apps)
    add_pictures(apps)


def let_editors_translate(apps):
    group = apps.get_model("auth", "Group").objects.get(name=CONTENT_EDITORS)
    # Who writes about products sees them in previews.
    group.permissions.add(permission(apps, "catalogue", "product", "view_product", "Can view product"))
    if TRANSLATING:
        codename = "submit_translation"
        right = permission(
            apps, "simple_translation", "simpletranslation", codename, "Can submit translations"
        )
        group.permissions.add(right)


def add_pictures(apps):
    """Channel managers add pictures and documents to the library, as content editors do since the portal's migrations."""
    group = apps.get_model("auth", "Group").objects.get(name=CHANNEL_MANAGERS)
    editors = apps.get_model("auth", "Group").objects.get(name=CONTENT_EDITORS)
    rows = apps.get_model("wagtailcore", "GroupCollectionPermission").objects
    for row in rows.filter(group=editors):
        rows.get_or_create(group=group, collection=row.collection, permission=row.permission)


class Migration(migrations.Migration):
    dependencies = [
        ("qudao_catalog", "0003_languages"),
        ("qudao_partner_portal", "0003_groups"),
        ("catalogue", "0001_initial"),
        ("wagtailcore", "0098_apitoken"),
        *([("simple_translation", "0001_initial")] if TRANSLATING else []),
    ]
    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
