from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PartnerPortalConfig(AppConfig):
    name = "qudao_partner_portal"
    label = "qudao_partner_portal"
    verbose_name = _("Partner portal")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import checks, registration  # noqa: F401, PLC0415 - needs the models of every app

        registration.connect()
