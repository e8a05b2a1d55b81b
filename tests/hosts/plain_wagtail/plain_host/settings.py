"""What `wagtail start` writes, shortened, plus the lines from partner_portal/README.md (marked Qudao)."""

import os
from pathlib import Path

DATA = Path(os.environ["HOST_DATA_DIR"])
SECRET_KEY = "a-host-for-tests-only-" + "0123456789" * 4
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "testserver"]
ROOT_URLCONF = "plain_host.urls"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"

INSTALLED_APPS = [
    "qudao_partner_portal",  # Qudao
    "qudao_search",  # Qudao
    "qudao_themes",  # Qudao
    "rest_framework",  # Qudao
    "drf_spectacular",  # Qudao
    "django_htmx",  # Qudao
    "lucide",  # Qudao
    "wagtail.contrib.forms",
    "wagtail.contrib.typed_table_block",  # Qudao
    "wagtail.contrib.redirects",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_filters",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django_htmx.middleware.HtmxMiddleware",  # Qudao
    "qudao_partner_portal.middleware.ViewerMiddleware",  # Qudao
    "qudao_partner_portal.middleware.ContentionMiddleware",  # Qudao
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [Path(__file__).parent / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.debug",
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "qudao_themes.context_processors.theme",  # Qudao
                "qudao_partner_portal.context_processors.shell",  # Qudao
            ],
        },
    },
]

DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": DATA / "host.sqlite3"}}
STATIC_URL = "/static/"
MEDIA_ROOT = DATA / "media"
LOGIN_URL = "/login/"
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = DATA / "mail"
WAGTAIL_SITE_NAME = "A plain site"
WAGTAILADMIN_BASE_URL = "http://127.0.0.1"
