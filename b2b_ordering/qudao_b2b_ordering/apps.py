from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class B2BOrderingConfig(AppConfig):
    name = "qudao_b2b_ordering"
    label = "qudao_b2b_ordering"
    verbose_name = _("Ordering")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import registration  # noqa: PLC0415 - needs the models of every app

        registration.connect()
