"""The languages content is written in, as Wagtail knows them, and what content editors may do with a handbook."""

from django.apps import apps as installed
from django.conf import settings
from django.db import migrations

from qudao_partner_portal.people.groups import CONTENT_EDITORS, grant_permissions, permission

TRANSLATING = installed.is_installed("wagtail.contrib.simple_translation")


def make_locales(apps, schema_editor):
    if not getattr(settings, "WAGTAIL_I18N_ENABLED", False):
        return
    locales = apps.get_model("wagtailcore", "Locale").objects
    for code, _name in getattr(settings, "WAGTAIL_CONTENT_LANGUAGES", settings.LANGUAGES):
        locales.get_or_create(language_code=code)


def let_editors_translate(apps, schema_editor):
    grant_permissions(apps, CONTENT_EDITORS, "qudao_catalog", {"translation": ("view",), "productprofile": ("view",)})
    group = apps.get_model("auth", "Group").objects.get(name=CONTENT_EDITORS)
    # Who writes about products sees them in previews.
    group.permissions.add(permission(apps, "catalogue", "product", "view_product", "Can view product"))
    if TRANSLATING:
        codename = "submit_translation"
        right = permission(
            apps, "simple_translation", "simpletranslation", codename, "Can submit translations"
        )
        group.permissions.add(right)


class Migration(migrations.Migration):
    dependencies = [
        ("qudao_catalog", "0004_handbook"),
        ("qudao_partner_portal", "0003_groups"),
        ("catalogue", "0001_initial"),
        ("wagtailcore", "0094_alter_page_locale"),
        *([("simple_translation", "0001_initial")] if TRANSLATING else []),
    ]
    operations = [
        migrations.RunPython(make_locales, migrations.RunPython.noop),
        migrations.RunPython(let_editors_translate, migrations.RunPython.noop),
    ]
