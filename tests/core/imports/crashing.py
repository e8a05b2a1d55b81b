"""Run by a test in a process of its own: an import whose process dies in the middle of its rows."""

import os
import signal
import sys

import django

django.setup()

from django.core.files.base import ContentFile  # noqa: E402 - needs Django to be set up
from qudao_core import api as core  # noqa: E402 - needs Django to be set up
from qudao_core import hooks as core_hooks  # noqa: E402 - needs Django to be set up
from qudao_core.imports import services  # noqa: E402

from tests.core.imports.conftest import Tiers  # noqa: E402


class Dying(Tiers):
    def write(self, rows):
        result = super().write(rows)
        if DYING:
            os.kill(os.getpid(), signal.SIGKILL)
        return result


core_hooks.importers.register(Dying.kind, Dying)
DYING = sys.argv[1] == "check"
file = ContentFile(b"code,name\ngold,Gold\nsilver,Silver\nbronze,Bronze\n")
job = services.upload(viewer=core.system_viewer(), kind=Dying.kind, file=file, name="tiers.csv")
DYING = True
services.apply(viewer=core.system_viewer(), job=job)
