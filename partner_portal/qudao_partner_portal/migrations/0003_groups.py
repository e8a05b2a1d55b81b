"""The groups "Channel managers" and "Content editors" with their first rights."""

from django.apps import apps as installed
from django.db import migrations

from qudao_partner_portal.people.groups import ALL, CHANNEL_MANAGERS, CONTENT_EDITORS, grant_permissions, permission

PORTAL, CORE, SEARCH = "qudao_partner_portal", "qudao_core", "qudao_search"
VIEW = ("view",)

#: What lies in collections, where the host has it; the migration follows theirs, which set rights too.
COLLECTED = [
    (label, model)
    for app, label, model in (
        ("wagtail.images", "wagtailimages", "image"),
        ("wagtail.documents", "wagtaildocs", "document"),
    )
    if installed.is_installed(app)
]
LAST = {"wagtailimages": "0027_image_description", "wagtaildocs": "0014_alter_document_file_size"}

MANAGE = {
    "company": ("add", "change", "view"),
    "tier": ALL,
    "territory": ALL,
    "address": ALL,
    "invoicetitle": ALL,
    "membership": ("add", "change", "view"),
    "invitation": ("add", "change", "view"),
}
MANAGE_PLATFORM = {
    "outboxevent": VIEW,
    "delivery": ("change", "view"),
    "importjob": ("add", "view"),
    "apitoken": VIEW,
}
#: Editors aim at audiences by name; companies' addresses, tax numbers and people are no part of that.
READ = {"tier": VIEW, "territory": VIEW}


def grant(apps, schema_editor):
    grant_permissions(apps, CHANNEL_MANAGERS, PORTAL, MANAGE)
    grant_permissions(apps, CHANNEL_MANAGERS, CORE, MANAGE_PLATFORM)
    grant_permissions(apps, CHANNEL_MANAGERS, SEARCH, {"synonymset": VIEW, "querylog": VIEW})
    grant_permissions(apps, CONTENT_EDITORS, PORTAL, READ)
    grant_permissions(apps, CONTENT_EDITORS, SEARCH, {"synonymset": ALL, "querylog": VIEW})
    enter = permission(apps, "wagtailadmin", "admin", "access_admin", "Can access Wagtail admin")
    # Both write or arrange what companies read, and may look at it as one of them.
    preview = permission(apps, PORTAL, "company", "preview_as_company", "Can preview pages as a company")
    for group in apps.get_model("auth", "Group").objects.filter(name__in=[CHANNEL_MANAGERS, CONTENT_EDITORS]):
        group.permissions.add(enter, preview)
    let_edit_content(apps)


def let_edit_content(apps):
    """Content editors write and publish pages, and add pictures and documents, everywhere below the root."""
    group = apps.get_model("auth", "Group").objects.get(name=CONTENT_EDITORS)
    page_permissions = apps.get_model("wagtailcore", "GroupPagePermission").objects
    for root in apps.get_model("wagtailcore", "Page").objects.filter(depth=1):
        for action in ("add", "change", "publish"):
            right = permission(apps, "wagtailcore", "page", f"{action}_page", f"{action.title()} any page")
            page_permissions.get_or_create(group=group, page=root, permission=right)
    collection_permissions = apps.get_model("wagtailcore", "GroupCollectionPermission").objects
    for root in apps.get_model("wagtailcore", "Collection").objects.filter(depth=1):
        for app_label, model in COLLECTED:
            for action in ("add", "change", "choose"):
                right = permission(apps, app_label, model, f"{action}_{model}", f"Can {action} {model}")
                collection_permissions.get_or_create(group=group, collection=root, permission=right)


class Migration(migrations.Migration):
    dependencies = [
        (PORTAL, "0002_territories"),
        (CORE, "0001_initial"),
        (SEARCH, "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("wagtailadmin", "0001_create_admin_access_permissions"),
        ("wagtailcore", "0094_alter_page_locale"),
        *[(label, LAST[label]) for label, _model in COLLECTED],
    ]
    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
