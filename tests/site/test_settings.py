"""The settings as a process reads them from its environment."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.any_database]  # a fresh process for each

SITE = Path(__file__).parents[2] / "site"

PRODUCTION = {
    "QUDAO_ENV": "production",
    "QUDAO_SECRET_KEY": "k" * 30 + "0123456789" * 3,
    "QUDAO_BASE_URL": "https://channel.example.com",
    "QUDAO_ALLOWED_HOSTS": "channel.example.com",
    "QUDAO_CACHE_URL": "redis://cache:6379/0",
    "DATABASE_URL": "postgres://qudao:secret@db/qudao",
}


def run(code: str, environment: dict[str, str], tmp_path: Path) -> subprocess.CompletedProcess[str]:
    """Run `code` in a fresh process that sees only `environment`."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        [sys.executable, "-c", code],
        env=kept | {"QUDAO_DATA_DIR": str(tmp_path)} | environment,
        cwd=SITE,
        capture_output=True,
        text=True,
    )


def value(expression: str, environment: dict[str, str], tmp_path: Path) -> str:
    done = run(f"from qudao_site import settings as s; print(({expression}))", environment, tmp_path)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.mark.parametrize(
    ("missing", "says"),
    [
        ("QUDAO_SECRET_KEY", "QUDAO_SECRET_KEY (or QUDAO_SECRET_KEY_FILE) must be set"),
        ("QUDAO_BASE_URL", "QUDAO_BASE_URL must be set"),
        ("QUDAO_ALLOWED_HOSTS", "QUDAO_ALLOWED_HOSTS must name"),
        ("QUDAO_CACHE_URL", "QUDAO_CACHE_URL (or QUDAO_CACHE_URL_FILE) must be set"),
    ],
)
def test_production_does_not_start_without_what_it_needs(missing: str, says: str, tmp_path: Path) -> None:
    environment = {name: text for name, text in PRODUCTION.items() if name != missing}
    done = run("import qudao_site.settings", environment, tmp_path)
    assert done.returncode != 0
    assert says in done.stderr


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"QUDAO_ENV": "prod"}, "must be demo, test or production"),
        ({"QUDAO_DEBUG": "1"}, "must not be on in production"),
        ({"QUDAO_SECRET_KEY_FILE": "/nowhere"}, "cannot be read"),
        ({"QUDAO_SEARCH_ENGINE": "elasticsearch"}, "set QUDAO_SEARCH_URL"),
        ({"QUDAO_SEARCH_URL": "search.example.com"}, "https://search.example.com:9200"),
        ({"QUDAO_SEARCH_USER": "qudao"}, "go together"),
        ({"QUDAO_SEARCH_API_KEY": "k", "QUDAO_SEARCH_USER": "u", "QUDAO_SEARCH_PASSWORD": "p"}, "not both"),
        ({"QUDAO_SEARCH_CA": "/nowhere"}, "is no file"),
    ],
)
def test_a_wrong_value_is_named(wrong: dict[str, str], says: str, tmp_path: Path) -> None:
    done = run("import qudao_site.settings", PRODUCTION | wrong, tmp_path)
    assert done.returncode != 0
    assert says in done.stderr


def test_a_secret_may_come_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "url").write_text("postgres://qudao:from-file@db/qudao\n")
    environment = PRODUCTION | {"DATABASE_URL": "", "DATABASE_URL_FILE": str(tmp_path / "url")}
    assert value("s.DATABASES['default']['PASSWORD']", environment, tmp_path) == "from-file"


@pytest.mark.parametrize(
    ("query", "options"),
    [
        ("", "-c jit=off"),
        ("?options=-c%20statement_timeout%3D9000", "-c statement_timeout=9000 -c jit=off"),
        ("?options=-c%20jit%3Don", "-c jit=on"),
    ],
)
def test_statements_are_not_compiled_unless_the_address_says_so(
    query: str, options: str, tmp_path: Path
) -> None:
    environment = PRODUCTION | {"DATABASE_URL": PRODUCTION["DATABASE_URL"] + query}
    assert value("s.DATABASES['default']['OPTIONS']['options']", environment, tmp_path) == options


def test_a_cluster_is_described_by_variables(tmp_path: Path) -> None:
    (tmp_path / "password").write_text("hush\n")
    (tmp_path / "ca.pem").write_text("certificate")
    environment = PRODUCTION | {
        "QUDAO_SEARCH_ENGINE": "elasticsearch",
        "QUDAO_SEARCH_URL": "https://es1.example.com:9200, https://es2.example.com:9200",
        "QUDAO_SEARCH_USER": "qudao",
        "QUDAO_SEARCH_PASSWORD_FILE": str(tmp_path / "password"),
        "QUDAO_SEARCH_CA": str(tmp_path / "ca.pem"),
    }
    expected = {
        "hosts": ["https://es1.example.com:9200", "https://es2.example.com:9200"],
        "basic_auth": ("qudao", "hush"),
        "ca_certs": str(tmp_path / "ca.pem"),
    }
    assert value("s.QUDAO_SEARCH_ELASTICSEARCH", environment, tmp_path) == str(expected)


def test_nothing_has_to_be_set_for_a_demo(tmp_path: Path) -> None:
    shown = "s.DATABASES['default']['ENGINE'], s.ALLOWED_HOSTS[:3], s.DEBUG, s.SERVE_MEDIA"
    expected = ("django.db.backends.sqlite3", ["127.0.0.1", "localhost", "[::1]"], False, True)
    assert value(shown, {}, tmp_path) == str(expected)


def test_a_demo_makes_a_key_of_its_own_and_keeps_it(tmp_path: Path) -> None:
    first = value("s.SECRET_KEY", {}, tmp_path)
    assert len(first) >= 50
    assert value("s.SECRET_KEY", {}, tmp_path) == first
    assert (tmp_path / "secret_key").stat().st_mode & 0o077 == 0


def test_cookies_and_redirects_follow_the_scheme(tmp_path: Path) -> None:
    shown = "s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SECURE_SSL_REDIRECT, s.SECURE_HSTS_SECONDS > 0"
    assert value(shown, PRODUCTION, tmp_path) == str((True, True, True, True))
    plain = PRODUCTION | {"QUDAO_BASE_URL": "http://channel.example.com"}
    assert value(shown, plain, tmp_path) == str((False, False, False, False))


def test_hsts_speaks_for_no_other_host_unless_told(tmp_path: Path) -> None:
    shown = "s.SECURE_HSTS_INCLUDE_SUBDOMAINS, s.SECURE_HSTS_PRELOAD"
    assert value(shown, PRODUCTION, tmp_path) == str((False, False))
    told = PRODUCTION | {"QUDAO_HSTS_SUBDOMAINS": "true", "QUDAO_HSTS_PRELOAD": "true"}
    assert value(shown, told, tmp_path) == str((True, True))


def test_forwarded_headers_are_believed_only_from_our_proxies(tmp_path: Path) -> None:
    shown = "s.SECURE_PROXY_SSL_HEADER, s.ALLAUTH_TRUSTED_PROXY_COUNT, s.REST_FRAMEWORK['NUM_PROXIES']"
    assert value(shown, PRODUCTION, tmp_path) == str((None, 0, 0))
    proxied = PRODUCTION | {"QUDAO_TRUSTED_PROXIES": "1"}
    assert value(shown, proxied, tmp_path) == str((("HTTP_X_FORWARDED_PROTO", "https"), 1, 1))


def test_the_deployment_check_is_clean(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        env=dict(os.environ)
        | PRODUCTION
        | {"DATABASE_URL": "", "QUDAO_CACHE_URL": "locmem://", "QUDAO_DATA_DIR": str(tmp_path)},
        cwd=SITE,
        capture_output=True,
        text=True,
    )
    assert "no issues" in done.stdout + done.stderr, done.stdout + done.stderr


def test_every_variable_is_documented() -> None:
    """docs/reference/settings.md names what settings, worker and scheduler read, and nothing else."""
    package = SITE / "qudao_site"
    modules = [*package.glob("*settings.py"), package / "worker.py", package / "scheduler.py"]
    source = "".join(path.read_text(encoding="utf-8") for path in modules)
    read = set(re.findall(r'(?:env\.\w+|secret|os\.environ\.get)\(\s*"([A-Z_]+)"', source))
    table = (SITE.parent / "docs" / "reference" / "settings.md").read_text(encoding="utf-8")
    of_the_site = table.partition("## Of the plugins")[0]
    documented = set(re.findall(r"^\| `([A-Z_]+)`", of_the_site, re.MULTILINE))
    assert read - documented == set()
    assert documented - read == set()
