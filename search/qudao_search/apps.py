from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class SearchConfig(AppConfig):
    name = "qudao_search"
    label = "qudao_search"
    verbose_name = _("Search")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Every app's ``search_indexes`` module registers what it has to find."""
        from . import checks, registration  # noqa: F401, PLC0415 - needs the models of every app

        registration.connect()
        autodiscover_modules("search_indexes")
