"""Content editors write questions and exams; trainers also see attempts and grade; channel managers do all of it."""

from django.db import migrations

from qudao_partner_portal.people.groups import CHANNEL_MANAGERS, CONTENT_EDITORS, grant_permissions

TRAINERS = "Trainers"
WRITE = {
    "bank": ("add", "change", "view"),
    "question": ("add", "change", "view"),
    "questionversion": ("view",),
    "exam": ("add", "change", "view"),
    "section": ("view",),
}
TEACH = {**WRITE, "attempt": ("change", "view"), "paperitem": ("view",), "examterms": ("add", "change", "view")}


def grant(apps, schema_editor):
    grant_permissions(apps, CONTENT_EDITORS, "qudao_learning", WRITE)
    for group in (TRAINERS, CHANNEL_MANAGERS):
        grant_permissions(apps, group, "qudao_learning", TEACH)
    # The trainers are a group of this plugin: the portal does not let them in.
    grant_permissions(apps, TRAINERS, "wagtailadmin", {"admin": ("access",)})


class Migration(migrations.Migration):
    dependencies = [("qudao_learning", "0001_initial"), ("qudao_partner_portal", "0003_groups")]
    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
