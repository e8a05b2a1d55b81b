"""Units have an English plural; the usual ones get theirs."""

from django.db import migrations, models

PLURALS = {
    "piece": "pieces",
    "pair": "pairs",
    "box": "boxes",
    "pack": "packs",
    "set": "sets",
    "carton": "cartons",
    "case": "cases",
    "pallet": "pallets",
    "bag": "bags",
    "roll": "rolls",
    "reel": "reels",
    "drum": "drums",
    "bundle": "bundles",
    "metre": "metres",
    "meter": "meters",
    "kilogram": "kilograms",
    "litre": "litres",
    "liter": "liters",
}


def name_plurals(apps, schema_editor):
    unit = apps.get_model("qudao_catalog", "Unit")
    for row in unit.objects.all():
        row.name_plural = PLURALS.get(row.name.strip().casefold(), "")
        row.save(update_fields=["name_plural"])


class Migration(migrations.Migration):
    dependencies = [("qudao_catalog", "0006_handbook_exports")]
    operations = [
        migrations.AddField(
            model_name="unit",
            name="name_plural",
            field=models.CharField(
                blank=True,
                help_text="For every number but 1: “pieces”. Empty: the same as the name.",
                max_length=120,
                verbose_name="plural",
            ),
        ),
        migrations.RunPython(name_plurals, migrations.RunPython.noop),
    ]
