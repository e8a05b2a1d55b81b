"""The one settings module of the reference site, read from the environment.

Every variable is described in docs/reference/settings.md. Each secret may also be given as ``NAME_FILE``: a
path whose content is the secret. Outside production nothing has to be set; in production a missing secret
stops the start.
"""

import os
import secrets
from pathlib import Path
from typing import Any

from csp.constants import NONCE, SELF, UNSAFE_INLINE
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _
from environs import Env
from oscar.defaults import *  # noqa: F403 - Oscar requires each of its settings to exist

env = Env()

# --- Where and as what we run ---

PACKAGE_DIR = Path(__file__).resolve().parent
_CHECKOUT = PACKAGE_DIR.parent.parent
BASE_DIR = _CHECKOUT if (_CHECKOUT / "site" / "manage.py").exists() else Path.cwd()

ENVIRONMENT = env.str("QUDAO_ENV", "demo")
if ENVIRONMENT not in {"demo", "test", "production"}:
    raise ImproperlyConfigured(f"QUDAO_ENV is {ENVIRONMENT!r}; it must be demo, test or production.")
PRODUCTION = ENVIRONMENT == "production"
DEBUG = env.bool("QUDAO_DEBUG", False)
if PRODUCTION and DEBUG:
    raise ImproperlyConfigured("QUDAO_DEBUG must not be on in production: it shows settings to visitors.")

DATA_DIR = Path(env.str("QUDAO_DATA_DIR", str(BASE_DIR / ".qudao"))).resolve()


def _secret(name: str, default: str | None = None) -> str:
    """Return the secret `name` from the environment or from the file named by ``<name>_FILE``."""
    path = os.environ.get(f"{name}_FILE", "")
    if path:
        try:
            return Path(path).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise ImproperlyConfigured(f"{name}_FILE names {path}, which cannot be read: {error}.") from error
    value = os.environ.get(name, "")
    if value:
        return value
    if default is None:
        raise ImproperlyConfigured(
            f"{name} (or {name}_FILE) must be set in production. See docs/reference/settings.md."
        )
    return default


def _local_secret_key() -> str:
    """A random key kept in the data directory, so that even a forgotten demo has a key of its own."""
    path = DATA_DIR / "secret_key"
    if not path.exists():
        DATA_DIR.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(48), encoding="utf-8")
    return path.read_text(encoding="utf-8")


def _secret_key() -> str:
    if PRODUCTION:
        return _secret("QUDAO_SECRET_KEY")
    if ENVIRONMENT == "test":
        return _secret("QUDAO_SECRET_KEY", "a-key-for-tests-only-" + "0123456789" * 4)
    return _secret("QUDAO_SECRET_KEY", "") or _local_secret_key()


SECRET_KEY = _secret_key()

BASE_URL = env.str("QUDAO_BASE_URL", "" if PRODUCTION else "http://127.0.0.1:8000").rstrip("/")
if not BASE_URL:
    raise ImproperlyConfigured(
        "QUDAO_BASE_URL must be set in production, for example https://channel.example.com."
    )
HTTPS = BASE_URL.startswith("https://")

ALLOWED_HOSTS: list[str] = env.list(
    "QUDAO_ALLOWED_HOSTS", [] if PRODUCTION else ["127.0.0.1", "localhost", "[::1]"]
)
if not ALLOWED_HOSTS:
    raise ImproperlyConfigured(
        "QUDAO_ALLOWED_HOSTS must name the site's hosts in production, separated by commas."
    )
CSRF_TRUSTED_ORIGINS: list[str] = env.list("QUDAO_TRUSTED_ORIGINS", [BASE_URL])

ROOT_URLCONF = "qudao_site.urls"
WSGI_APPLICATION = "qudao_site.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
SITE_ID = 1

# --- Apps ---
# Ours come first, so that their templates and translations win.

INSTALLED_APPS = [
    "qudao_site",
    "qudao_b2b_ordering",
    "qudao_catalog",
    "qudao_partner_portal",
    "qudao_themes",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.headless",
    "rest_framework",
    "drf_spectacular",
    "django_filters",
    "django_htmx",
    "django_structlog",
    "csp",
    "lucide",
    "wagtail.contrib.forms",
    "wagtail.contrib.redirects",
    "wagtail.contrib.settings",
    "wagtail.contrib.simple_translation",
    "wagtail.contrib.typed_table_block",
    "wagtail.locales",
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
    "oscar.config.Shop",
    "oscar.apps.analytics.apps.AnalyticsConfig",
    "oscar.apps.checkout.apps.CheckoutConfig",
    "oscar.apps.address.apps.AddressConfig",
    "oscar.apps.shipping.apps.ShippingConfig",
    "oscar.apps.catalogue.apps.CatalogueConfig",
    "oscar.apps.catalogue.reviews.apps.CatalogueReviewsConfig",
    "oscar.apps.communication.apps.CommunicationConfig",
    "oscar.apps.partner.apps.PartnerConfig",
    "oscar.apps.basket.apps.BasketConfig",
    "oscar.apps.payment.apps.PaymentConfig",
    "oscar.apps.offer.apps.OfferConfig",
    "oscar.apps.order.apps.OrderConfig",
    "oscar.apps.customer.apps.CustomerConfig",
    "qudao_site.oscar_search.apps.OscarSearchConfig",
    "oscar.apps.voucher.apps.VoucherConfig",
    "oscar.apps.wishlists.apps.WishlistsConfig",
    "oscar.apps.dashboard.apps.DashboardConfig",
    "oscar.apps.dashboard.reports.apps.ReportsDashboardConfig",
    "oscar.apps.dashboard.users.apps.UsersDashboardConfig",
    "oscar.apps.dashboard.orders.apps.OrdersDashboardConfig",
    "oscar.apps.dashboard.catalogue.apps.CatalogueDashboardConfig",
    "oscar.apps.dashboard.offers.apps.OffersDashboardConfig",
    "oscar.apps.dashboard.partners.apps.PartnersDashboardConfig",
    "oscar.apps.dashboard.pages.apps.PagesDashboardConfig",
    "oscar.apps.dashboard.ranges.apps.RangesDashboardConfig",
    "oscar.apps.dashboard.reviews.apps.ReviewsDashboardConfig",
    "oscar.apps.dashboard.vouchers.apps.VouchersDashboardConfig",
    "oscar.apps.dashboard.communications.apps.CommunicationsDashboardConfig",
    "oscar.apps.dashboard.shipping.apps.ShippingDashboardConfig",
    "widget_tweaks",
    "treebeard",
    "django_tables2",
    "sorl.thumbnail",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sites",
    "django.contrib.flatpages",
    "django.contrib.humanize",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
]

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.debug",
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "oscar.core.context_processors.metadata",
            ],
        },
    },
]

# --- Database ---

_SQLITE_OPTIONS = {
    # IMMEDIATE takes the write lock when the transaction begins: a writer waits for its turn instead of
    # failing when a transaction that began by reading wants to write.
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON; "
        "PRAGMA mmap_size=134217728; PRAGMA cache_size=-16000; PRAGMA temp_store=MEMORY;"
    ),
}


def _database() -> dict[str, Any]:
    """PostgreSQL when DATABASE_URL says so, else one SQLite file in the data directory."""
    url = _secret("DATABASE_URL", "") or f"sqlite:///{DATA_DIR / 'qudao.sqlite3'}"
    os.environ["DATABASE_URL"] = url
    config: dict[str, Any] = env.dj_db_url("DATABASE_URL")
    if config["ENGINE"].endswith("sqlite3"):
        config["OPTIONS"] = _SQLITE_OPTIONS | config.get("OPTIONS", {})
        if config["NAME"] != ":memory:":
            Path(config["NAME"]).parent.mkdir(parents=True, exist_ok=True)
    else:
        config["CONN_MAX_AGE"] = env.int("QUDAO_DB_CONN_MAX_AGE", 60)
        config["CONN_HEALTH_CHECKS"] = True
    return config


DATABASES = {"default": _database()}

# --- Cache, sessions, background work ---
# Throttles count in the cache, so several web processes need a shared one.

_CACHE_URL = _secret("QUDAO_CACHE_URL", None if PRODUCTION else "locmem://")
os.environ["QUDAO_CACHE_URL"] = _CACHE_URL
CACHES = {"default": env.dj_cache_url("QUDAO_CACHE_URL")}
SESSION_ENGINE = (
    "django.contrib.sessions.backends.db"
    if CACHES["default"]["BACKEND"].endswith("LocMemCache")
    else "django.contrib.sessions.backends.cached_db"
)
SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_COOKIE_NAME = "qudao_session"

CELERY_BROKER_URL = _secret("QUDAO_BROKER_URL", "")
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = "Asia/Shanghai"

# --- Language, time, money ---

LANGUAGE_CODE = env.str("QUDAO_LANGUAGE", "en")
LANGUAGES = [("en", _("English")), ("zh-hans", _("Simplified Chinese"))]
WAGTAIL_CONTENT_LANGUAGES = WAGTAILADMIN_PERMITTED_LANGUAGES = [("en", "English"), ("zh-hans", "简体中文")]
WAGTAIL_I18N_ENABLED = True
LOCALE_PATHS = [PACKAGE_DIR / "locale"]
LANGUAGE_COOKIE_NAME = "qudao_language"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LANGUAGE_COOKIE_SAMESITE = "Lax"
TIME_ZONE = env.str("QUDAO_TIME_ZONE", "Asia/Shanghai")
USE_TZ = True
USE_I18N = True
OSCAR_DEFAULT_CURRENCY = env.str("QUDAO_CURRENCY", "CNY")

# --- Files ---

STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("QUDAO_STATIC_ROOT", str(DATA_DIR / "static")))
MEDIA_URL = "/media/"
MEDIA_ROOT = Path(env.str("QUDAO_MEDIA_ROOT", str(DATA_DIR / "media")))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not PRODUCTION
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o640

# --- Sign-in ---

AUTH_USER_MODEL = "qudao_site.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 9}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = WAGTAILADMIN_LOGIN_URL = WAGTAIL_FRONTEND_LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = LOGOUT_REDIRECT_URL = "/"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]

# --- Wagtail, Oscar, API ---

WAGTAIL_SITE_NAME = "Qudao"
WAGTAILADMIN_BASE_URL = BASE_URL
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}
WAGTAILDOCS_SERVE_METHOD = "serve_view"
WAGTAILDOCS_EXTENSIONS = [
    "csv",
    "docx",
    "key",
    "odt",
    "pdf",
    "pptx",
    "rtf",
    "txt",
    "xlsx",
    "zip",
    "dwg",
    "mp4",
]

OSCAR_SHOP_NAME = "Qudao"
OSCAR_HOMEPAGE = "/"
OSCAR_DYNAMIC_CLASS_LOADER = "qudao_site.oscar_overrides.load_classes"

REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
}

# --- Security ---

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "style-src-attr": [UNSAFE_INLINE],
        "img-src": [SELF, "data:", "blob:"],
    }
}
