from django.db import migrations


class Migration(migrations.Migration):
    """Doors are called access rules, as everywhere else."""

    dependencies = [("qudao_search", "0002_embedded_engine")]

    operations = [
        migrations.RenameModel("Door", "AccessRule"),
        migrations.RenameField("group", "doors", "access_rules"),
    ]
