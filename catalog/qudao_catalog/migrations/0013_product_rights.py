"""Channel managers and content editors keep products, categories and product types; managers also lines, units, taxes."""

from django.db import migrations

from qudao_partner_portal.people.groups import ALL, CHANNEL_MANAGERS, CONTENT_EDITORS, grant_permissions

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
EDITORS = {"productline": VIEW, "unit": VIEW, "taxclass": VIEW, "assortment": VIEW, "translation": VIEW}


def grant(apps, schema_editor):
    for group, own in ((CHANNEL_MANAGERS, MANAGERS), (CONTENT_EDITORS, EDITORS)):
        grant_permissions(apps, group, "catalogue", OSCAR)
        grant_permissions(apps, group, "qudao_catalog", own)
    add_pictures(apps)


def add_pictures(apps):
    """Channel managers add pictures and documents to the library, as content editors do since the portal's migrations."""
    group = apps.get_model("auth", "Group").objects.get(name=CHANNEL_MANAGERS)
    editors = apps.get_model("auth", "Group").objects.get(name=CONTENT_EDITORS)
    rows = apps.get_model("wagtailcore", "GroupCollectionPermission").objects
    for row in rows.filter(group=editors):
        rows.get_or_create(group=group, collection=row.collection, permission=row.permission)


class Migration(migrations.Migration):
    dependencies = [
        ("qudao_catalog", "0012_revised_texts"),
        ("qudao_partner_portal", "0009_editors_see_no_companies"),
        ("catalogue", "0001_initial"),
        ("wagtailcore", "0098_apitoken"),
    ]
    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
