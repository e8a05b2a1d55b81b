"""Channel managers handle orders, edit order flows, and keep price lists and stock."""

from django.db import migrations

from qudao_partner_portal.people.groups import ALL, CHANNEL_MANAGERS, grant_permissions

MANAGE = {
    "order": ("add", "change", "view"),
    "orderline": ("view",),
    "shipment": ("view",),
    "flow": ("add", "change", "view"),
    "flowversion": ("view",),
    "pricelist": ALL,
    "pricerow": ALL,
    "warehouse": ALL,
    "stocklevel": ("add", "change", "view"),
    "stockmovement": ("view",),
    "stockpolicy": ALL,
    "stockterms": ALL,
    "arrival": ALL,
}


def grant(apps, schema_editor):
    grant_permissions(apps, CHANNEL_MANAGERS, "qudao_b2b_ordering", MANAGE)


class Migration(migrations.Migration):
    dependencies = [
        ("qudao_b2b_ordering", "0002_initial"),
        ("qudao_partner_portal", "0003_groups"),
    ]
    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
