"""What the back office lists is called alike in its menu, in headings and beside buttons, in both languages."""

import pytest
import wagtail.admin.urls  # noqa: F401 - fills the registry
from django.utils.text import capfirst
from django.utils.translation import override
from wagtail.admin.viewsets import viewsets

pytestmark = pytest.mark.any_database

#: Menus that name a task: what the screen is for, not what its rows are.
OTHERWISE = {
    "Backorder": "stock terms",
    "Movements": "stock movements",
    "Stock": "stock levels",
    "Synonyms": "synonym sets",
}
OURS = [
    each
    for each in viewsets.viewsets
    if type(each).__module__.startswith("qudao_")
    and getattr(each, "menu_label", "")
    and hasattr(each, "model")
]


@pytest.mark.parametrize("viewset", OURS, ids=lambda each: each.url_prefix)
def test_rows_are_called_as_the_menu_calls_them(viewset) -> None:
    names = viewset.model._meta
    with override("en"):
        menu, rows = str(viewset.menu_label), str(names.verbose_name_plural)
        assert OTHERWISE.get(menu, menu) in (capfirst(rows), rows)
        assert names.verbose_name.islower() or menu == "Categories"  # Oscar's, in every sentence
    with override("zh-hans"):
        assert not str(names.verbose_name).isascii() and not str(viewset.menu_label).isascii()


def test_words_of_the_glossary_replace_those_of_the_libraries() -> None:
    named = {each.url_prefix: each.model._meta for each in OURS}
    with override("en"):
        said = {
            key: str(named[key].verbose_name) for key in ("product-types", "option-sets", "channel/people")
        }
    assert said == {"product-types": "product type", "option-sets": "option set", "channel/people": "person"}
    with override("zh-hans"):
        said = {key: str(named[key].verbose_name) for key in said}
    assert said == {"product-types": "商品类型", "option-sets": "选项集", "channel/people": "人员"}
