from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class QudaoThemesConfig(AppConfig):
    """Templates, components, tokens and scripts. Holds no model and imports nothing of the other plugins."""

    name = "qudao_themes"
    label = "qudao_themes"
    verbose_name = _("Themes")
