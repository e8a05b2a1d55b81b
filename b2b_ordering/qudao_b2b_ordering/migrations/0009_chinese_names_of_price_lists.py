from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("qudao_b2b_ordering", "0008_changed_rows")]

    operations = [
        migrations.AddField(
            model_name="pricelist",
            name="name_zh",
            field=models.CharField(blank=True, default="", max_length=120, verbose_name="Chinese name"),
            preserve_default=False,
        ),
    ]
