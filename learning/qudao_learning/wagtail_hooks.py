"""What learning adds to Wagtail's admin, gathered from its subjects."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.viewsets.model import ModelViewSetGroup

from .bank.admin import BankViewSet


class Learning(ModelViewSetGroup):  # type: ignore[misc]
    """The menu group; Wagtail hides from it what a person has no rights to."""

    menu_label = _("Learning")
    menu_icon = "help"
    menu_order = 215
    items = (BankViewSet,)


@hooks.register("register_admin_viewset")
def register_learning() -> Learning:
    return Learning()
