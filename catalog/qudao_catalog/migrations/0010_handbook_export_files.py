import qudao_partner_portal.imports.models
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("qudao_catalog", "0009_topic_exports_and_chinese_names")]

    operations = [
        migrations.AlterField(
            model_name="handbookexport",
            name="file",
            field=models.FileField(
                blank=True,
                storage=qudao_partner_portal.imports.models.private_storage,
                upload_to="exports/%Y/%m/",
                verbose_name="file",
            ),
        ),
    ]
