"""The app label ``search`` that Oscar's start-up looks up. It has no URLs: the shop pages are not mounted."""

from typing import Any

from oscar.core.application import OscarConfig


class OscarSearchConfig(OscarConfig):
    name = "qudao_site.oscar_search"
    label = "search"
    namespace = "search"

    def get_urls(self) -> list[Any]:
        return []
