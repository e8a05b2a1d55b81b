"""Name, telephone and language are one's own to change."""

import pytest
from qudao_core import api as core
from qudao_partner_portal.people.services import change_profile
from qudao_partner_portal.testing import make_company, make_person, make_user, viewer_of

pytestmark = pytest.mark.django_db


def test_a_person_changes_name_phone_and_language() -> None:
    ben = make_person(make_company("Brand"), name="Ben Buyer")
    change_profile(viewer=viewer_of(ben), name="王伟", phone="13800138000", language="zh-hans")
    ben.refresh_from_db()
    assert (ben.get_full_name(), ben.phone, ben.language) == ("王伟", "138 0013 8000", "zh-hans")
    assert viewer_of(ben).user_name == "王伟"
    assert core.history(ben)[0].action == "qudao.profile.changed"


def test_every_wrong_value_is_named() -> None:
    make_user("Other", phone="138 0013 8000")
    ben = make_person(make_company("Brand"))
    with pytest.raises(core.Refusal) as refused:
        change_profile(viewer=viewer_of(ben), name=" ", phone="138 0013 8000", language="fr")
    assert refused.value.code == "values_invalid"
    codes = [found.code for found in refused.value.problems]
    assert codes == ["name_required", "phone_taken", "unknown_language"]
    with pytest.raises(core.Refusal, match="bad_phone"):
        change_profile(viewer=viewer_of(ben), phone="no")
    with pytest.raises(core.Refusal, match="phone_taken") as taken:
        change_profile(viewer=viewer_of(ben), phone="138 0013 8000")
    assert taken.value.status == 409
