import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("qudao_catalog", "0013_product_rights")]

    operations = [
        migrations.AlterModelOptions(
            name="productprofile",
            options={"ordering": ["sku"], "verbose_name": "product", "verbose_name_plural": "products"},
        ),
        migrations.AlterField(
            model_name="productdocument",
            name="document",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="wagtaildocs.document",
                verbose_name="document",
            ),
        ),
    ]
