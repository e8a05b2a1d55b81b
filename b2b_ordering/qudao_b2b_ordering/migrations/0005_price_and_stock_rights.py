"""Channel managers keep price lists and stock, and import both."""

from django.db import migrations

from qudao_partner_portal.people.groups import ALL, CHANNEL_MANAGERS, grant_permissions

MANAGE = {
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
        ("qudao_b2b_ordering", "0004_order_rights"),
        ("qudao_partner_portal", "0003_groups"),
    ]
    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
