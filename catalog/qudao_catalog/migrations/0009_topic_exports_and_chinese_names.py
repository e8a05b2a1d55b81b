from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("qudao_catalog", "0008_changed_products")]

    operations = [
        migrations.AddField(
            model_name="assortment",
            name="name_zh",
            field=models.CharField(blank=True, default="", max_length=120, verbose_name="Chinese name"),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name="handbookexport",
            name="scope",
            field=models.CharField(
                choices=[("topic", "Topic"), ("chapter", "Chapter"), ("handbook", "Handbook")],
                max_length=10,
                verbose_name="scope",
            ),
        ),
    ]
