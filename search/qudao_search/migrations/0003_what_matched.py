from typing import Any

from django.db import migrations, models


def tell_from_hits(apps: Any, schema_editor: Any) -> None:
    """Of questions asked before it is not known whether the hits had all words; corrections and failures are."""
    logs = apps.get_model("qudao_search", "QueryLog").objects
    logs.filter(total__gt=0, corrected="").update(matched="all")
    logs.filter(total__gt=0).exclude(corrected="").update(matched="corrected")


class Migration(migrations.Migration):
    dependencies = [("qudao_search", "0002_embedded_engine")]

    operations = [
        migrations.AddField(
            model_name="querylog",
            name="matched",
            field=models.CharField(
                choices=[
                    ("all", "All words"),
                    ("some", "Some of the words"),
                    ("corrected", "A correction"),
                    ("nothing", "Nothing"),
                ],
                default="nothing",
                max_length=10,
            ),
        ),
        migrations.RunPython(tell_from_hits, migrations.RunPython.noop),
    ]
