"""The reference site: settings, user model, Oscar glue. No business rule lives here."""

from importlib import import_module

from django.apps import AppConfig
from django.conf import settings
from django.db.models.signals import post_save
from django.utils.translation import gettext_lazy as _


class SiteConfig(AppConfig):
    name = "qudao_site"
    label = "qudao_site"
    verbose_name = _("Qudao site")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from oscar.apps.analytics import receivers  # noqa: PLC0415 - models are not loaded before
        from oscar.apps.order.signals import order_placed  # noqa: PLC0415 - as above
        from qudao_partner_portal import hooks  # noqa: PLC0415 - as above
        from wagtail.signals import copy_for_translation_done  # noqa: PLC0415 - as above

        from qudao_site import accounts, front_pages  # noqa: PLC0415 - as above

        # One UPDATE for each line of an order, for reports that are not shown here.
        order_placed.disconnect(receivers.receive_order_placed)
        if settings.CELERY_BROKER_URL:
            import_module(
                "qudao_site.celery"
            )  # tasks are sent through this application, not Celery's default
        hooks.sign_in_confirmations.register("allauth", accounts.confirmation_page)
        post_save.connect(accounts.vouch_for_email, sender="qudao_site.User", dispatch_uid="vouch-for-email")
        copy_for_translation_done.connect(
            front_pages.name_translated_front_page, dispatch_uid="name-front-pages"
        )
