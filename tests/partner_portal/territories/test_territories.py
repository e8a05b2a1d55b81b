"""China is there from the first start, by code, in both languages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from qudao_partner_portal.models import Territory
from qudao_partner_portal.territories import rules
from qudao_partner_portal.territories.queries import territories
from qudao_partner_portal.territories.services import load_territories, shipped


@pytest.mark.django_db
def test_provinces_and_cities_are_preloaded_as_a_sound_tree() -> None:
    assert Territory.objects.filter(depth=2).count() == 34
    assert Territory.objects.filter(depth=3).count() == 365
    assert Territory.find_problems() == ([], [], [], [], [])
    chengdu = Territory.objects.get(code="CN-5101")
    assert (chengdu.name, chengdu.name_zh, chengdu.get_parent().code) == ("Chengdu", "成都市", "CN-51")
    assert Territory.objects.get(code="CN-429004").get_parent().code == "CN-42"


@pytest.mark.django_db
def test_loading_again_changes_nothing_and_a_newer_file_adds_and_renames(
    django_assert_num_queries: object,
) -> None:
    assert load_territories() == {"added": 0, "renamed": 0}
    rows = [row for row in shipped() if row[0] != "CN-5101"] + [
        ("CN-5101", "Chengdu City", "成都"),
        ("CN-5199", "Newtown", "新城市"),
    ]
    assert load_territories(rows=rows) == {"added": 1, "renamed": 1}
    assert Territory.objects.get(code="CN-5199").get_parent().code == "CN-51"
    assert Territory.find_problems() == ([], [], [], [], [])


@pytest.mark.django_db
def test_a_province_is_added_before_its_cities_wherever_they_stand_in_the_file() -> None:
    rows = [*shipped(), ("CN-9901", "Harbour", "港"), ("CN-99", "New Province", "新省份")]
    assert load_territories(rows=rows) == {"added": 2, "renamed": 0}
    harbour = Territory.objects.get(code="CN-9901")
    assert (harbour.get_parent().code, harbour.depth) == ("CN-99", 3)
    assert Territory.find_problems() == ([], [], [], [], [])


def test_depth_counts_from_the_country() -> None:
    placed = rules.places(
        [("CN", "China", "中国"), ("CN-51", "Sichuan", "四川省"), ("CN-5101", "Chengdu", "成都市")]
    )
    assert [(place.code, place.depth) for place in placed] == [("CN", 1), ("CN-51", 2), ("CN-5101", 3)]


@pytest.mark.django_db
def test_a_finer_place_that_an_editor_added_stays() -> None:
    Territory.objects.get(code="CN-5101").add_child(code="CN-510104", name="Jinjiang", name_zh="锦江区")
    load_territories()
    assert Territory.objects.filter(code="CN-510104").exists()


@pytest.mark.django_db
def test_places_are_found_by_name_in_both_languages_and_by_code() -> None:
    assert [row.code for row in territories(search="成都")] == ["CN-5101"]
    assert [row.code for row in territories(search="chengdu")] == ["CN-5101"]
    assert [row.code for row in territories(search="cn-5101")] == ["CN-5101"]
    assert {row.depth for row in territories(below="CN-51")} == {3}
    assert not territories(below="XX").exists()


def test_a_row_without_its_parent_is_refused() -> None:
    with pytest.raises(ValueError, match="CN-5101 stands below CN-51"):
        rules.places([("CN", "China", "中国"), ("CN-5101", "Chengdu", "成都市")])


@given(st.integers(min_value=1, max_value=36**4 - 1))
def test_steps_sort_as_their_numbers(number: int) -> None:
    assert int(rules.step(number), 36) == number
    assert len(rules.step(number)) == rules.STEP
