from __future__ import annotations

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from treebeard.mp_tree import MP_Node


class Territory(MP_Node):
    """A place in the territory tree: country, province, city. Codes follow ISO 3166-2 and GB/T 2260.

    ``CN``, ``CN-51`` (Sichuan), ``CN-5101`` (Chengdu). The tree is preloaded; editors may add finer ones.
    """

    code = models.CharField(_("code"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=120)
    name_zh = models.CharField(_("Chinese name"), max_length=120, blank=True)

    node_order_by = ["code"]

    class Meta:
        verbose_name = _("territory")
        verbose_name_plural = _("territories")

    def __str__(self) -> str:
        return self.local_name

    @property
    def local_name(self) -> str:
        """The name in the active language."""
        if (get_language() or "").startswith("zh") and self.name_zh:
            return self.name_zh
        return self.name
