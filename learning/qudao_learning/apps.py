from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LearningConfig(AppConfig):
    name = "qudao_learning"
    label = "qudao_learning"
    verbose_name = _("Learning")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import registration  # noqa: PLC0415 - needs the models of every app

        registration.connect()
