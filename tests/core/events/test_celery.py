"""With a broker, a commit wakes a real Celery worker, which delivers the same rows."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from qudao_core.models import Delivery
from qudao_partner_portal.testing import make_company

from tests import services

EMIT = """
import django; django.setup()
from qudao_core import api as core
from qudao_core import api as core
from qudao_partner_portal import api as portal
from qudao_partner_portal.models import Company
company = Company.objects.get()
portal.invite(viewer=core.system_viewer(), company_id=company.pk, email="x@example.com", roles=["buyer"])
"""


@pytest.mark.services
@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_worker_delivers_what_a_web_process_wrote(tmp_path: Path) -> None:
    if reason := services.missing("redis"):
        pytest.skip(reason)
    make_company("Brand")
    with services.redis() as url:
        environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "qudao_site.settings",
            "QUDAO_BROKER_URL": url,
            "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
            "PYTHONWARNINGS": "ignore",
        }
        command = [sys.executable, "-m", "celery", "--app", "qudao_site.celery", "worker", "--pool", "solo"]
        with services.running([*command, "--loglevel", "warning"], folder=tmp_path, environment=environment):
            subprocess.run([sys.executable, "-c", EMIT], env=environment, check=True)
            services.until(lambda: Delivery.objects.filter(state="done").exclude(recipient="").exists())
    rows = Delivery.objects.order_by("pk").values_list("handler", "address", "state", "attempts")
    assert list(rows) == [
        ("invitation-mail", "", "done", 1),
        ("invitation-mail", "x@example.com", "done", 1),
    ]
