from typing import Any

from django.db import migrations

UNNAMED = "Welcome to your new Wagtail site!"
TITLES = {"zh": "首页"}


def name_front_pages(apps: Any, schema_editor: Any) -> None:
    """Pages nobody has named since Wagtail made them, in every language."""
    for page in apps.get_model("wagtailcore", "Page").objects.filter(depth=2, title=UNNAMED):
        page.title = page.draft_title = TITLES.get(page.locale.language_code[:2], "Home")
        page.save(update_fields=["title", "draft_title"])


class Migration(migrations.Migration):
    dependencies = [("qudao_site", "0001_initial"), ("wagtailcore", "0098_apitoken")]

    operations = [migrations.RunPython(name_front_pages, migrations.RunPython.noop)]
