"""The languages content is written in, as Wagtail knows them."""

from django.conf import settings
from django.db import migrations


def make_locales(apps, schema_editor):
    if not getattr(settings, "WAGTAIL_I18N_ENABLED", False):
        return
    locales = apps.get_model("wagtailcore", "Locale").objects
    for code, _name in getattr(settings, "WAGTAIL_CONTENT_LANGUAGES", settings.LANGUAGES):
        locales.get_or_create(language_code=code)


class Migration(migrations.Migration):
    dependencies = [
        ("qudao_catalog", "0002_usual_units_and_taxes"),
        ("wagtailcore", "0094_alter_page_locale"),
    ]
    operations = [migrations.RunPython(make_locales, migrations.RunPython.noop)]
