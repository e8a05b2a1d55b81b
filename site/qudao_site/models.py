"""The one user model: a person signs in by e-mail; everything else about people is in the portal."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from oscar.apps.customer.abstract_models import AbstractUser


class User(AbstractUser):
    """A person who signs in by e-mail.

    ``phone`` is optional and unique when given; ``language`` is a code of ``settings.LANGUAGES`` or empty
    (then the browser decides on pages and the site's language in mails).
    """

    phone = models.CharField(_("phone"), max_length=32, blank=True, default="")
    language = models.CharField(_("language"), max_length=12, blank=True, default="")

    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta(AbstractUser.Meta):
        abstract = False
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["phone"],
                condition=~Q(phone=""),
                name="qudao_site_user_phone_unique",
                violation_error_message=_("Another person already uses this phone number."),
            )
        ]

    def __str__(self) -> str:
        return self.get_full_name() or self.email

    def _migrate_alerts_to_user(self) -> None:
        """Oscar's shop alerts are not offered here; skipping them saves two statements per save."""
