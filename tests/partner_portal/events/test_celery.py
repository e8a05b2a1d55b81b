"""With a broker, a commit wakes a real Celery worker, which delivers the same rows."""

import os
import subprocess
import sys
import time

import pytest
from qudao_partner_portal.models import Delivery
from qudao_partner_portal.testing import make_company

from tests import services

EMIT = """
import django; django.setup()
from qudao_partner_portal import api as portal
from qudao_partner_portal.models import Company
company = Company.objects.get()
portal.invite(viewer=portal.system_viewer(), company_id=company.pk, email="x@example.com", roles=["buyer"])
"""


@pytest.mark.services
@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_worker_delivers_what_a_web_process_wrote() -> None:
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
        worker = subprocess.Popen([*command, "--loglevel", "warning"], env=environment)
        try:
            subprocess.run([sys.executable, "-c", EMIT], env=environment, check=True)
            wait_for_delivery()
        finally:
            worker.terminate()
            worker.wait(30)
    delivery = Delivery.objects.get()
    assert (delivery.handler, delivery.state, delivery.attempts) == ("invitation-mail", "done", 1)


def wait_for_delivery(seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not Delivery.objects.filter(state="done").exists():
        assert time.monotonic() < end, "the worker did not deliver"
        time.sleep(0.05)
