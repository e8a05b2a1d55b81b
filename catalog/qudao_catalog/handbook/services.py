"""Write handbooks. Programs and demo data; editors write in Wagtail, which ends in the same revisions and log entries.

Every ``save_*`` names its page by parent and slug and may be repeated: what says what is already so writes nothing.
Side effects of all: a revision, entries of Wagtail's log, and with ``publish`` Wagtail's ``page_published`` (which
brings index and facts up to date in the same transaction).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from qudao_core import api as core
from qudao_partner_portal import api as portal
from wagtail.log_actions import log
from wagtail.models import Locale, Page, Site

from ..products.models import ProductProfile
from .bodies import Plain, body_value, same
from .models import ChapterPage, HandbookPage, Kind, TopicPage, TopicProduct
from .translations import mark_up_to_date

#: A product as a topic's row names it: the SKU, or (SKU, role).
ProductRef = str | tuple[str, str]


@transaction.atomic
def save_handbook(
    *,
    slug: str,
    title: str,
    summary: str = "",
    language: str = "en",
    audience: Iterable[str] = (),
    parent: Page | None = None,
    publish: bool = True,
    actor: Any = None,
) -> HandbookPage:
    """A handbook below ``parent`` (the default site's front page).

    :param audience: audience keys; none: everybody who works for an active company.
    :raises core.Refusal: ``unknown_audience``, ``unknown_language``, ``values_invalid``.
    """
    home = parent or _front_page()
    below = _in_language(home, _locale(language))
    return _save(HandbookPage, below, slug, _read(title, summary, audience), publish, actor)


@transaction.atomic
def save_chapter(
    *,
    parent: HandbookPage | ChapterPage,
    slug: str,
    title: str,
    summary: str = "",
    language: str | None = None,
    audience: Iterable[str] = (),
    publish: bool = True,
    actor: Any = None,
) -> ChapterPage:
    """A chapter of a handbook, or a section of a chapter.

    :param audience: keys of its own; none: the same as above.
    :raises core.Refusal: as :func:`save_handbook`; ``wrong_place``: sections hold no sections.
    """
    _require_language(parent, language)
    return _save(ChapterPage, parent, slug, _read(title, summary, audience), publish, actor)


@transaction.atomic
def save_topic(
    *,
    parent: ChapterPage,
    slug: str,
    title: str,
    summary: str = "",
    kind: str = "guide",
    body: Plain = (),
    products: Iterable[ProductRef] = (),
    keywords: Iterable[str] | str = (),
    language: str | None = None,
    audience: Iterable[str] = (),
    publish: bool = True,
    actor: Any = None,
) -> TopicPage:
    """A topic of a chapter. ``body`` is a list of (block, value), see :mod:`.bodies`.

    :param products: SKUs, or (SKU, ``about`` or ``mentions``), in this order.
    :raises core.Refusal: as :func:`save_chapter`; ``invalid_body``, ``unknown_kind``, ``unknown_product``.
    """
    _require_language(parent, language)
    values = _read(title, summary, audience) | _topic(kind, body, keywords)
    return _save(TopicPage, parent, slug, values, publish, actor, _products(products))


def translate_handbook(
    *, handbook: HandbookPage, language: str, title: str, summary: str = "", **how: Any
) -> Any:
    """The handbook's title and summary in one more language. As :func:`translate_topic`."""
    return _translate(handbook, language, {"title": title, "summary": summary}, **how)


def translate_chapter(
    *, chapter: ChapterPage, language: str, title: str, summary: str = "", **how: Any
) -> Any:
    """A chapter's title and summary in one more language. As :func:`translate_topic`."""
    return _translate(chapter, language, {"title": title, "summary": summary}, **how)


def translate_topic(
    *,
    topic: TopicPage,
    language: str,
    title: str,
    summary: str = "",
    body: Plain = (),
    keywords: Iterable[str] | str = (),
    **how: Any,
) -> Any:
    """A topic in one more language; it then follows what the topic says now. Kind, products, audience stay the topic's.

    Repeating changes nothing. ``how``: ``publish`` (default yes), ``actor``. Side effects beside those above: pages
    above it that have no translation yet get a draft of one.

    :raises core.Refusal: as :func:`save_topic`; ``same_language``.
    """
    values = {"title": title, "summary": summary, **_topic(topic.kind, body, keywords)}
    return _translate(topic, language, values, **how)


@transaction.atomic
def _translate(
    original: Any, language: str, values: Mapping[str, Any], *, publish: bool = True, actor: Any = None
) -> Any:
    locale = _locale(language)
    if original.locale_id == locale.pk:
        raise core.Refusal("same_language", _("The text is already in this language."), field="language")
    page = _own_translation(original, locale)
    shared = {"audience_keys": list(original.audience_keys)}
    rows = _rows_of(original) if isinstance(original, TopicPage) else None
    changed = _write(page, {**values, **shared}, publish, actor, rows)
    if changed or publish:
        mark_up_to_date(page=page, original=original, actor=actor, quietly=True)
    return page


def _own_translation(original: Any, locale: Locale) -> Any:
    """The page in the language; made as a draft when it is missing, and made its own when it is an alias."""
    found = original.get_translation_or_none(locale)
    if found is None:
        _in_language(original.get_parent().specific, locale)
        return original.copy_for_translation(locale)
    page = found.specific
    if page.alias_of_id is not None:
        page.alias_of = None
        page.save(clean=False)
    return page


def _in_language(page: Page, locale: Locale) -> Page:
    """``page`` in the language; it and what is above it get drafts of a translation where there is none.

    Drafts, not aliases: a translated front page that is live would hide every page that is not translated.
    """
    if page.locale_id == locale.pk or page.is_root():
        return page
    found = page.get_translation_or_none(locale)
    if found is not None:
        return found.specific
    above = page.get_parent()
    if not above.is_root():
        _in_language(above.specific, locale)
    return page.specific.copy_for_translation(locale)


def _save(
    model: type[Any],
    parent: Any,
    slug: str,
    values: Mapping[str, Any],
    publish: bool,
    actor: Any,
    rows: list[tuple[int, str]] | None = None,
) -> Any:
    page = model.objects.child_of(parent).filter(slug=slug).first()
    if page is None:
        page = _create(model, parent, slug, values, actor)
    _write(page, values, publish, actor, rows)
    return page


def _create(model: type[Any], parent: Any, slug: str, values: Mapping[str, Any], actor: Any) -> Any:
    parent = Page.objects.get(pk=parent.pk).specific  # treebeard wants the parent's numbers as they are now
    if not model.can_create_at(parent):
        message = _("A page of this type cannot be placed here.")
        raise core.Refusal("wrong_place", message, field="parent", params={"parent": parent.pk})
    page = model(slug=slug, live=False, locale_id=parent.locale_id, **values)
    try:
        parent.add_child(instance=page)
    except ValidationError as error:
        raise _invalid(error) from error
    log(instance=page, action="wagtail.create", user=_user(actor))
    return page


def _write(
    page: Any, values: Mapping[str, Any], publish: bool, actor: Any, rows: list[tuple[int, str]] | None
) -> bool:
    """Bring the latest draft to ``values``, then publish it; whether anything was written."""
    draft = page.get_latest_revision_as_object()
    differs = page.latest_revision_id is None or not _says(draft, values, rows)
    if not differs and (page.live and not page.has_unpublished_changes or not publish):
        return False
    revision = page.get_latest_revision()
    if differs:
        revision = _revise(draft, values, rows, actor)
    if publish:
        revision.publish(user=_user(actor))
    page.refresh_from_db()
    return True


def _revise(draft: Any, values: Mapping[str, Any], rows: list[tuple[int, str]] | None, actor: Any) -> Any:
    for name, value in values.items():
        setattr(draft, name, value)
    if rows is not None:
        draft.products = [
            TopicProduct(product_id=pk, role=role, sort_order=at) for at, (pk, role) in enumerate(rows)
        ]
    try:
        return draft.save_revision(user=_user(actor), log_action=True)
    except ValidationError as error:
        raise _invalid(error) from error


def _says(page: Any, values: Mapping[str, Any], rows: list[tuple[int, str]] | None) -> bool:
    plain = {name: value for name, value in values.items() if name != "body"}
    if any(getattr(page, name) != value for name, value in plain.items()):
        return False
    if "body" in values and not same(page.body, values["body"]):
        return False
    return rows is None or rows == _rows_of(page)


def _rows_of(topic: TopicPage) -> list[tuple[int, str]]:
    return [(row.product_id, row.role) for row in topic.products.all()]


def _read(title: str, summary: str, audience: Iterable[str]) -> dict[str, Any]:
    keys = list(dict.fromkeys(audience))
    unknown = portal.unknown_keys(keys, of_people=True)
    if unknown:
        message = _("There is no audience %(keys)s.") % {"keys": core.join_list(unknown)}
        raise core.Refusal("unknown_audience", message, field="audience")
    return {"title": title, "summary": summary, "audience_keys": keys}


def _topic(kind: str, body: Plain, keywords: Iterable[str] | str) -> dict[str, Any]:
    if kind not in Kind.values:
        message = _("There is no kind of topic “%(kind)s”.") % {"kind": kind}
        raise core.Refusal("unknown_kind", message, field="kind", status=400)
    words = keywords if isinstance(keywords, str) else ", ".join(keywords)
    return {"kind": kind, "keywords": words, "body": body_value(body)}


def _products(given: Iterable[ProductRef]) -> list[tuple[int, str]]:
    pairs = [(each, "about") if isinstance(each, str) else tuple(each) for each in given]
    known = dict(
        ProductProfile.objects.filter(sku__in=[sku for sku, _role in pairs]).values_list("sku", "pk")
    )
    for sku, role in pairs:
        if sku not in known or role not in TopicProduct.Role.values:
            message = _("There is no product “%(sku)s”.") % {"sku": sku}
            raise core.Refusal("unknown_product", message, field="products")
    return list({known[sku]: (known[sku], role) for sku, role in pairs}.values())


def _require_language(parent: Page, language: str | None) -> None:
    if language is not None and parent.locale.language_code != language:
        message = _("The parent page does not exist in this language.")
        raise core.Refusal("wrong_language", message, field="language")


def _locale(language: str) -> Locale:
    found = Locale.objects.filter(language_code=language).first()
    if found is None:
        message = _("There is no content language “%(code)s”.") % {"code": language}
        raise core.Refusal("unknown_language", message, field="language")
    return found


def _front_page() -> Page:
    site = Site.objects.filter(is_default_site=True).select_related("root_page").first()
    return site.root_page if site else Page.get_first_root_node()


def _invalid(error: ValidationError) -> core.Refusal:
    words = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
    field, messages = next(iter(words.items()))
    return core.Refusal("values_invalid", core.join_sentences(*messages), field=field or None)


def _user(actor: Any) -> Any:
    """A user of a viewer or an id; Wagtail's revisions want the object."""
    if actor is None or isinstance(actor, get_user_model()):
        return actor
    pk = actor if isinstance(actor, int) else actor.user_id
    return get_user_model().objects.filter(pk=pk).first()
