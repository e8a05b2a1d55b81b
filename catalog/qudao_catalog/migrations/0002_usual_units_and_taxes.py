"""The units a channel needs first and the VAT rates of China, so that the first product can be entered."""

from decimal import Decimal

from django.db import migrations

UNITS = [
    ("pcs", "piece", "pieces", "个", 0),
    ("set", "set", "sets", "套", 0),
    ("pair", "pair", "pairs", "双", 0),
    ("box", "box", "boxes", "盒", 0),
    ("pack", "pack", "packs", "包", 0),
    ("ctn", "carton", "cartons", "箱", 0),
    ("plt", "pallet", "pallets", "托", 0),
    ("roll", "roll", "rolls", "卷", 0),
    ("m", "metre", "metres", "米", 1),
    ("kg", "kilogram", "kilograms", "千克", 3),
]
TAXES = [
    ("standard", "Standard rate 13 %", "标准税率 13%", "0.13"),
    ("reduced", "Reduced rate 9 %", "低税率 9%", "0.09"),
    ("services", "Services 6 %", "服务 6%", "0.06"),
    ("zero", "Zero rate", "零税率", "0"),
]


def create(apps, schema_editor):
    unit, tax = apps.get_model("qudao_catalog", "Unit"), apps.get_model("qudao_catalog", "TaxClass")
    for code, name, name_plural, name_zh, decimals in UNITS:
        names = {"name": name, "name_plural": name_plural, "name_zh": name_zh}
        unit.objects.get_or_create(code=code, defaults={**names, "decimals": decimals})
    for code, name, name_zh, rate in TAXES:
        tax.objects.get_or_create(code=code, defaults={"name": name, "name_zh": name_zh, "rate": Decimal(rate)})


class Migration(migrations.Migration):
    dependencies = [("qudao_catalog", "0001_initial")]
    operations = [migrations.RunPython(create, migrations.RunPython.noop)]
