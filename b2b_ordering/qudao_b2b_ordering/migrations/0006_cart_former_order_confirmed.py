import django.db.models.deletion
from django.db import migrations, models


def mark_confirmed(apps, schema_editor):
    """Orders that were completed, shipped or released were confirmed; of the others the next approval will tell."""
    order = apps.get_model("qudao_b2b_ordering", "Order")
    order.objects.filter(status="complete").update(confirmed_at=models.F("submitted_at"))
    beyond = order.objects.filter(status="open").filter(
        models.Q(shipments__isnull=False) | models.Q(transitions__action="release", transitions__to_step=models.F("step"))
    )
    numbers = list(beyond.values_list("pk", flat=True).distinct())
    order.objects.filter(pk__in=numbers).update(confirmed_at=models.F("submitted_at"))


class Migration(migrations.Migration):
    dependencies = [("qudao_b2b_ordering", "0005_price_and_stock_rights")]

    operations = [
        migrations.AddField(
            model_name="cart",
            name="former",
            field=models.ForeignKey(
                blank=True,
                help_text="The cart to come back to when the revision is over.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="qudao_b2b_ordering.cart",
            ),
        ),
        migrations.AddField(
            model_name="order",
            name="confirmed_at",
            field=models.DateTimeField(
                blank=True,
                help_text="When the last approval was given; empty again when it is taken back.",
                null=True,
                verbose_name="confirmed",
            ),
        ),
        migrations.RunPython(mark_confirmed, migrations.RunPython.noop, elidable=True),
    ]
