from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("qudao_catalog", "0013_product_rights")]

    operations = [
        migrations.AlterModelOptions(
            name="productprofile",
            options={"verbose_name": "product", "verbose_name_plural": "products"},
        ),
    ]
