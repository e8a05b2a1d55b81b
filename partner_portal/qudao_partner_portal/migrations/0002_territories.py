"""China, its provinces and its cities."""

from django.db import migrations

from qudao_partner_portal.territories.services import fill, shipped


def load(apps, schema_editor):
    territory = apps.get_model("qudao_partner_portal", "Territory")
    if not territory.objects.exists():
        fill(territory, shipped())


class Migration(migrations.Migration):
    dependencies = [("qudao_partner_portal", "0001_initial")]
    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
