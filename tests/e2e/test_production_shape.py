"""What docker-compose.yml describes, started natively: it serves, keeps secrets, and fits."""

import json
import re
import subprocess
from collections.abc import Iterator

import pytest

from tests import services
from tests.e2e import compose
from tests.e2e.production import BIN, HOST, Production, production_shape

pytestmark = [pytest.mark.services, pytest.mark.slow]

MEMORY = 460 * 1024 * 1024


@pytest.fixture(scope="module")
def site() -> Iterator[Production]:
    try:
        with production_shape() as running:
            yield running
    except services.CannotRun as reason:
        if "not installed" in str(reason):
            pytest.skip(str(reason))
        raise


def test_the_proxy_passes_pages_and_hides_probes(site: Production) -> None:
    assert site.open("/healthz").status == 200
    assert json.loads(site.open("/readyz", port=site.web_port).text)["ok"] is True
    assert site.open("/readyz").status == 404


def test_everything_it_needs_is_ready(site: Production) -> None:
    parts = json.loads(site.open("/readyz", port=site.web_port).text)["parts"]
    search = {"ok": True, "engine": "postgresql", "degraded": False, "waiting": 0}
    assert parts == {
        name: {"ok": True} for name in ("database", "migrations", "cache", "broker", "background")
    } | {"search": search}


def test_plain_http_is_sent_to_https(site: Production) -> None:
    answer = site.open("/accounts/login/", headers={"X-Forwarded-Proto": "http"})
    assert (answer.status, answer.headers["Location"]) == (301, f"https://{HOST}/accounts/login/")


def test_the_sign_in_page_comes_with_its_protections(site: Production) -> None:
    answer = site.open("/accounts/login/")
    assert answer.status == 200 and "<form" in answer.text
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert "max-age=" in answer.headers["Strict-Transport-Security"]
    assert "default-src 'self'" in answer.headers["Content-Security-Policy"]


def test_static_files_carry_a_hash_and_may_be_kept_for_ever(site: Production) -> None:
    page = site.open("/accounts/login/").text
    style = next(iter(re.findall(r'href="(/static/[^"]+\.css)"', page)))
    assert re.search(r"\.[0-9a-f]{12}\.css$", style)
    answer = site.open(style)
    assert answer.status == 200 and "immutable" in answer.headers["Cache-Control"]


def test_a_foreign_host_name_is_refused(site: Production) -> None:
    assert site.open("/accounts/login/", headers={"Host": "elsewhere.example.net"}).status == 400


def test_a_long_address_is_answered_and_one_that_is_too_long_says_so(site: Production) -> None:
    answer = site.open("/search/?q=" + "a" * 6000)
    assert answer.status in (200, 302, 400, 422)
    assert site.open("/accounts/login/?next=/catalogue/" + "a" * 6000).status == 200
    answer = site.open("/search/?q=" + "a" * 9000)
    assert (answer.status, "too long" in answer.text) == (414, True)
    answer = site.open("/search/?q=" + "a" * 40_000)
    assert (answer.status, "too long" in answer.text, "过长" in answer.text) == (414, True, True)


def test_pictures_are_public_and_documents_are_not(site: Production) -> None:
    site.run("django-admin", "shell", "-v", "0", "-c", MAKE_FILES)
    picture = site.open("/media/images/lamp.txt")
    assert (picture.status, picture.text) == (200, "a picture")
    assert not list((site.folder / "media").rglob("terms*"))
    for path in (
        "/media/documents/terms.txt",
        "/media/private/documents/terms.txt",
        "/private/documents/terms.txt",
    ):
        assert site.open(path).status == 404
    assert site.open("/media/../private/documents/terms.txt").status in {400, 404}


MAKE_FILES = """
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
default_storage.save("images/lamp.txt", ContentFile(b"a picture"))
default_storage.save("documents/terms.txt", ContentFile(b"for partners only"))
"""


def test_the_proxy_has_no_way_to_private_files(site: Production) -> None:
    volumes = site.definition["proxy"].volumes
    assert [volume for volume in volumes if volume.startswith(("private", "./private"))] == []
    assert [volume for volume in volumes if "/media" in volume] == ["media:/srv/qudao/media:ro"]


def test_the_proxy_is_the_user_who_writes_the_pictures() -> None:
    document = (compose.ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    image = (compose.ROOT / "Dockerfile").read_text(encoding="utf-8")
    assert 'user: "10001:10001"' in document
    assert "--gid 10001 qudao" in image and "--uid 10001 --gid qudao" in image


def test_worker_and_scheduler_answer(site: Production) -> None:
    services.until(lambda: "pong" in inspect(site, "ping"))
    assert site.servers["scheduler"].process.poll() is None


def test_background_work_goes_from_the_web_to_the_worker(site: Production) -> None:
    """An uploaded file is checked by the worker: the row, the broker, the worker and the row again."""
    job = site.run("django-admin", "shell", "-v", "0", "-c", UPLOAD).strip().splitlines()[-1]
    services.until(lambda: f'"{job}: checked"' in site.run("django-admin", "shell", "-v", "0", "-c", STATES))


UPLOAD = """
from django.core.files.base import ContentFile
from qudao_core.imports import services
from qudao_partner_portal.testing import make_back_office, viewer_of
viewer = viewer_of(make_back_office("Ida Import", is_superuser=True))
file = ContentFile(b"code,name\\nN-1,North Lights\\n")
print(services.upload(viewer=viewer, kind="companies", file=file, name="companies.csv", options={}, wait=False).pk)
"""
STATES = """
from qudao_core.imports.models import ImportJob
for job in ImportJob.objects.all():
    print(f'"{job.pk}: {job.state}"')
"""


def test_logs_are_one_json_event_a_line_with_the_request(site: Production) -> None:
    site.open("/accounts/login/", headers={"User-Agent": "production-shape"})
    events = [json.loads(line) for line in site.servers["web"].log.splitlines() if line.startswith("{")]
    finished = [event for event in events if event.get("event") == "request_finished"]
    assert finished and all(event["request_id"] and event["level"] for event in finished)


def test_a_missing_secret_stops_the_start_and_says_so(site: Production) -> None:
    environment = site.environment("web")
    for name in ("QUDAO_SECRET_KEY", "QUDAO_BASE_URL", "QUDAO_ALLOWED_HOSTS", "QUDAO_CACHE_URL"):
        without = {key: value for key, value in environment.items() if key != name}
        run = subprocess.run(
            [BIN / "django-admin", "check"], env=without, capture_output=True, text=True, check=False
        )
        assert run.returncode != 0 and name in run.stderr


def test_compose_asks_for_every_secret(site: Production) -> None:
    with pytest.raises(KeyError):
        compose.services({}, translate={})
    example = (compose.ROOT / "deploy" / "env.example").read_text(encoding="utf-8")
    assert {name for name in compose.required_variables() if f"{name}=" not in example} == set()


def test_all_our_processes_fit_into_memory(site: Production) -> None:
    for _ in range(20):
        assert site.open("/accounts/login/").status == 200
    used = site.memory()
    print({name: f"{size / 2**20:.0f} MB" for name, size in used.items()})
    assert sum(used.values()) < MEMORY, {name: f"{size / 2**20:.0f} MB" for name, size in used.items()}


def test_the_scheduler_sends_only_tasks_that_the_worker_knows(site: Production) -> None:
    schedule = site.run(
        "python",
        "-c",
        "from qudao_site.scheduler import app; print(*(t['task'] for t in app.conf.beat_schedule.values()))",
    )
    services.until(lambda: "qudao" in inspect(site, "registered"))
    known = inspect(site, "registered")
    assert [task for task in schedule.split() if task not in known] == []


def inspect(site: Production, what: str) -> str:
    """What the worker says within some seconds; nothing when it was too busy."""
    command = [str(BIN / "celery"), "--app", "qudao_site.celery", "inspect", what, "--timeout", "5"]
    return site.run("sh", "-c", " ".join(command) + " || true")
