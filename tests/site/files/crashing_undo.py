"""Run by a test in a process of its own: an undo whose process dies when its rows are taken back."""

import os
import signal
import sys

import django

django.setup()

from django.contrib.auth import get_user_model  # noqa: E402 - needs Django to be set up
from qudao_b2b_ordering.pricing.undoing import PriceUndo  # noqa: E402
from qudao_core import api as core  # noqa: E402 - needs Django to be set up
from qudao_core import hooks as core_hooks  # noqa: E402 - needs Django to be set up
from qudao_core.imports.models import ImportJob  # noqa: E402
from qudao_core.imports.undoing.services import undo  # noqa: E402


class Dying(PriceUndo):
    def take_back(self, changes):
        super().take_back(changes)
        os.kill(os.getpid(), signal.SIGKILL)


core_hooks.importers.get("prices").undo = Dying
viewer = core.viewer_for(get_user_model().objects.get(pk=sys.argv[2]))
undo(viewer=viewer, job=ImportJob.objects.get(pk=sys.argv[1]))
