from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from django.contrib.auth.models import Group
from qudao_core.viewer import Viewer
from qudao_partner_portal import testing as portal


@dataclass
class School:
    """A channel with a dealer, two of its people, and a trainer of the back office."""

    dealer: Any
    lin: Any
    wei: Any
    trainer: Any

    def viewer(self, person: Any, language: str = "en") -> Viewer:
        return portal.viewer_of(person, language=language)


@pytest.fixture
def school(db: None) -> School:
    seller = portal.make_company("Anshe")
    dealer = portal.make_company("Chen Electric", parent=seller)
    lin, wei = portal.make_person(dealer, name="Lin Hua"), portal.make_person(dealer, name="Wei Ming")
    trainer = portal.make_back_office("Tang Trainer")
    trainer.groups.add(Group.objects.get(name="Trainers"))
    return School(dealer, lin, wei, trainer)
