"""The reference site: settings, user model, Oscar glue. No business rule lives here."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SiteConfig(AppConfig):
    name = "qudao_site"
    label = "qudao_site"
    verbose_name = _("Qudao site")
    default_auto_field = "django.db.models.BigAutoField"
