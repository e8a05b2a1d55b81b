"""Channel managers see and handle orders, import past ones, and edit order flows."""

from django.db import migrations

from qudao_partner_portal.people.groups import CHANNEL_MANAGERS, grant_permissions

MANAGE = {
    "order": ("add", "change", "view"),
    "orderline": ("view",),
    "shipment": ("view",),
    "flow": ("add", "change", "view"),
    "flowversion": ("view",),
}


def grant(apps, schema_editor):
    grant_permissions(apps, CHANNEL_MANAGERS, "qudao_b2b_ordering", MANAGE)


class Migration(migrations.Migration):
    dependencies = [
        ("qudao_b2b_ordering", "0003_order_facts"),
        ("qudao_partner_portal", "0003_groups"),
    ]
    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
