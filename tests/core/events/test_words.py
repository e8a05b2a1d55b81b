"""The event log and histories read in words."""

from typing import Any

import pytest
from django.test import Client
from django.utils.translation import override
from qudao_b2b_ordering.flow.rules import DEFAULT
from qudao_b2b_ordering.flow.words import history_words
from qudao_core import hooks as core_hooks
from qudao_core.audit.labels import details_in_words
from qudao_core.events.labels import aggregate_in_words, handler_in_words, topic_in_words
from qudao_core.events.services import emit
from qudao_partner_portal.models import Company
from qudao_partner_portal.testing import make_back_office, make_tier


@pytest.mark.parametrize(
    ("topic", "english", "chinese"),
    [
        ("company.suspended", "Company: Suspended", "公司：已暂停"),
        ("document.waiting", "Document: text waiting to be read", "文档：文本等待提取"),
        ("prices.changed", "Prices changed", "价格已更改"),
        ("somebody.elses", "somebody.elses", "somebody.elses"),
    ],
)
def test_topics(topic: str, english: str, chinese: str) -> None:
    assert topic_in_words(topic) == english
    with override("zh-hans"):
        assert topic_in_words(topic) == chinese


def test_what_they_are_about() -> None:
    assert aggregate_in_words("company:42") == "Company 42"
    assert aggregate_in_words("documents:0") == aggregate_in_words("documents:3") == "Documents"
    assert aggregate_in_words("thing:7") == "thing:7"


def test_every_handler_and_every_topic_it_names_has_words() -> None:
    for name, (topics, _handler) in core_hooks.event_handlers.items():
        if name.startswith("test"):
            continue
        assert handler_in_words(name) != name, name
        for topic in topics:
            if "*" not in topic:
                assert topic_in_words(topic) != topic, topic


@pytest.mark.django_db
def test_the_log_shows_words() -> None:
    emit("document.waiting", aggregate="documents:0", payload={"document": 1})
    client = Client(headers={"accept-language": "en"})
    client.force_login(make_back_office("Rosa", is_superuser=True))
    for screen in ("events", "deliveries"):
        page = client.get(f"/admin/channel/{screen}/").content.decode()
        assert "Document: text waiting to be read" in page and "documents:0" not in page


@pytest.mark.django_db
def test_histories_in_chinese_say_fields_and_values() -> None:
    make_tier("gold", name_zh="金牌")
    changes: dict[str, Any] = {"audience_keys": ["everyone", "tier:gold"], "is_seller": ["False", "True"]}
    with override("zh-hans"):
        said = details_in_words({"changes": changes}, Company)
    assert "等级：金牌" in said and "否 → 是" in said and "is_seller" not in said


def test_a_flows_history_reads_in_words() -> None:
    assert history_words("allocate_on", "submission", "approval") == (
        "Stock is allocated",
        ["when submitted", "when approved"],
    )
    with override("zh-hans"):
        label, texts = history_words("own-step", "on · buyer/approver", "off · buyer/approver · 24 h")
    assert label == "own-step", "a seller's own step goes by its code"
    assert all("buyer" not in text and "on" not in text for text in texts)
    assert texts[1].endswith("24 小时")


def test_standard_steps_go_by_their_name() -> None:
    step = DEFAULT.steps[0]
    with override("zh-hans"):
        assert history_words(step.code, "on", "off")[0] == step.name_zh
        assert history_words("steps", step.code, "")[1] == [step.name_zh, ""]
    walks = [" → ".join(each.code for each in steps) for steps in (DEFAULT.steps[:3], DEFAULT.steps[1:3])]
    before, after = history_words("steps", *walks)[1]
    assert "→" not in before + after, "the arrow stands between before and after"
    assert before == ", ".join(each.name for each in DEFAULT.steps[:3])
