"""The one settings module of the reference site, read from the environment.

Every variable is described in docs/reference/settings.md. Each secret may also be given as ``NAME_FILE``: a
path whose content is the secret. Outside production nothing has to be set; in production a missing secret
stops the start.
"""

import os
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _
from environs import Env

from qudao_site.addresses import cache_settings, check_web_address, mail_settings
from qudao_site.celery_settings import *  # noqa: F403 - settings
from qudao_site.environment import local_secret_key, secret
from qudao_site.logs import configure_logs
from qudao_site.oscar_settings import *  # noqa: F403 - settings
from qudao_site.oscar_settings import OSCAR_APPS
from qudao_site.plugins import installed_plugins
from qudao_site.policies import *  # noqa: F403 - settings
from qudao_site.search_settings import *  # noqa: F403 - settings
from qudao_site.wagtail_settings import *  # noqa: F403 - settings

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
# A directory with a demo of one's own trade; empty: the shipped one.
QUDAO_DEMO_CHANNEL = env.str("QUDAO_DEMO_CHANNEL", "")
# Where `./qudao docs` puts the documentation; shown at /docs/ while it is there.
DOCS_DIR = Path(env.str("QUDAO_DOCS_DIR", str(DATA_DIR / "docs")))


def _secret_key() -> str:
    if PRODUCTION:
        return secret("QUDAO_SECRET_KEY")
    if ENVIRONMENT == "test":
        return "a-key-for-tests-only-" + "0123456789" * 4
    return secret("QUDAO_SECRET_KEY", "") or local_secret_key(DATA_DIR)


SECRET_KEY = _secret_key()
SECRET_KEY_FALLBACKS: list[str] = [key for key in secret("QUDAO_OLD_SECRET_KEYS", "").split(",") if key]

BASE_URL = env.str("QUDAO_BASE_URL", "" if PRODUCTION else "http://127.0.0.1:8000").rstrip("/")
if not BASE_URL:
    raise ImproperlyConfigured(
        "QUDAO_BASE_URL must be set in production, for example https://channel.example.com."
    )
HTTPS = check_web_address("QUDAO_BASE_URL", BASE_URL).startswith("https://")

ALLOWED_HOSTS: list[str] = env.list(
    "QUDAO_ALLOWED_HOSTS", [] if PRODUCTION else ["127.0.0.1", "localhost", "[::1]", "anshe.localhost"]
)
if not ALLOWED_HOSTS:
    raise ImproperlyConfigured(
        "QUDAO_ALLOWED_HOSTS must name the site's hosts in production, separated by commas."
    )
CSRF_TRUSTED_ORIGINS: list[str] = env.list("QUDAO_TRUSTED_ORIGINS", [BASE_URL])
#: How many reverse proxies of our own stand before us; that many entries of X-Forwarded-For are believed.
TRUSTED_PROXIES = env.int("QUDAO_TRUSTED_PROXIES", 0)

ROOT_URLCONF = "qudao_site.urls"
WSGI_APPLICATION = "qudao_site.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
SITE_ID = 1

# --- Apps ---
# Ours come first, so that their templates and translations win; before them, for the same reason, plugins of others.

PLUGINS = installed_plugins(env.list("QUDAO_PLUGINS", None))
INSTALLED_APPS = [
    *PLUGINS,
    "qudao_site",
    "qudao_b2b_ordering",
    "qudao_learning",
    "qudao_catalog",
    "qudao_partner_portal",
    "qudao_search",
    "qudao_core",
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
    "wagtail.contrib.table_block",
    "wagtail.contrib.typed_table_block",
    "wagtail_headless_preview",
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
    *OSCAR_APPS,
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
    "qudao_site.health.HealthMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "qudao_site.middleware.RequestIdMiddleware",
    "qudao_site.middleware.ContentSecurityPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "qudao_site.middleware.AddressLengthMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "qudao_site.middleware.PersonalLanguageMiddleware",
    "qudao_core.middleware.ViewerMiddleware",
    "qudao_partner_portal.middleware.PreviewMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
    "qudao_core.middleware.ContentionMiddleware",
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
                "qudao_themes.context_processors.theme",
                "qudao_partner_portal.context_processors.shell",
                "qudao_catalog.context_processors.search",
                "qudao_b2b_ordering.context_processors.ordering",
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
    url = secret("DATABASE_URL", "") or f"sqlite:///{DATA_DIR / 'qudao.sqlite3'}"
    os.environ["DATABASE_URL"] = url
    config: dict[str, Any] = env.dj_db_url("DATABASE_URL")
    if config["ENGINE"].endswith("sqlite3"):
        config["OPTIONS"] = _SQLITE_OPTIONS | config.get("OPTIONS", {})
        if config["NAME"] != ":memory:":
            Path(config["NAME"]).parent.mkdir(parents=True, exist_ok=True)
    else:
        config["CONN_MAX_AGE"] = env.int("QUDAO_DB_CONN_MAX_AGE", 60)
        config["CONN_HEALTH_CHECKS"] = True
        if config["ENGINE"].endswith("postgresql"):
            _without_jit(config.setdefault("OPTIONS", {}))
    return config


def _without_jit(options: dict[str, Any]) -> None:
    """Switch off PostgreSQL's just-in-time compiler, unless the address says something about it.

    It compiles a statement anew each time it runs, which costs a list with facets more than running it does.
    """
    given = options.get("options", "")
    if "jit=" not in given:
        options["options"] = f"{given} -c jit=off".strip()


DATABASES = {"default": _database()}

# --- Cache, sessions, background work ---
# Throttles count in the cache, so several web processes need a shared one.

_CACHE_URL = secret("QUDAO_CACHE_URL", None if PRODUCTION else "locmem://")
CACHES = {"default": cache_settings("QUDAO_CACHE_URL", _CACHE_URL)}
SESSION_ENGINE = (
    "django.contrib.sessions.backends.db"
    if CACHES["default"]["BACKEND"].endswith("LocMemCache")
    else "django.contrib.sessions.backends.cached_db"
)
SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_COOKIE_NAME = "qudao_session"

CELERY_BROKER_URL = secret("QUDAO_BROKER_URL", "")

# --- Language, time, money ---

LANGUAGE_CODE = env.str("QUDAO_LANGUAGE", "en")
LANGUAGES = [("en", _("English")), ("zh-hans", _("Simplified Chinese"))]
WAGTAIL_CONTENT_LANGUAGES = WAGTAILADMIN_PERMITTED_LANGUAGES = [("en", "English"), ("zh-hans", "简体中文")]
LOCALE_PATHS = [PACKAGE_DIR / "locale"]
LANGUAGE_COOKIE_NAME, LANGUAGE_COOKIE_SAMESITE = "qudao_language", "Lax"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
TIME_ZONE = CELERY_TIMEZONE = env.str("QUDAO_TIME_ZONE", "Asia/Shanghai")
USE_TZ = USE_I18N = WAGTAIL_I18N_ENABLED = True
FORMAT_MODULE_PATH = ["qudao_site.formats"]
OSCAR_DEFAULT_CURRENCY = env.str("QUDAO_CURRENCY", "CNY")

# --- Files ---

STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("QUDAO_STATIC_ROOT", str(DATA_DIR / "static")))
MEDIA_URL = "/media/"
#: Only what anybody may fetch. A reverse proxy may serve this folder as it stands.
MEDIA_ROOT = Path(env.str("QUDAO_MEDIA_ROOT", str(DATA_DIR / "media")))
#: Everything else that is uploaded or made; it leaves only through views that ask who is looking.
PRIVATE_ROOT = Path(env.str("QUDAO_PRIVATE_ROOT", str(DATA_DIR / "private")))
SERVE_MEDIA = env.bool("QUDAO_SERVE_MEDIA", not PRODUCTION)
STORAGES = {
    "default": {
        "BACKEND": "qudao_site.storage.GuardedFileStorage",
        "OPTIONS": {"private_root": PRIVATE_ROOT, "public": ["images/", "cache/", "avatar_images/"]},
    },
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not PRODUCTION
if not PRODUCTION:
    STATIC_ROOT.mkdir(parents=True, exist_ok=True)
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
    {"NAME": "qudao_site.accounts.TokensEndWithPassword"},
]
if ENVIRONMENT == "test":
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
LOGIN_URL = WAGTAILADMIN_LOGIN_URL = WAGTAIL_FRONTEND_LOGIN_URL = reverse_lazy("account_login")
LOGIN_REDIRECT_URL = LOGOUT_REDIRECT_URL = "/"
PASSWORD_RESET_TIMEOUT = 24 * 3600

ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES
ACCOUNT_ADAPTER = "qudao_site.accounts.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "optional"
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""  # the default is the name of Django's Site, "example.com"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGIN_ON_PASSWORD_RESET = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if HTTPS else "http"
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "20/m/ip,5/5m/key",
    "reset_password": "20/m/ip,5/m/key",
    "reset_password_from_key": "20/m/ip",
    "reauthenticate": "10/m/user",
    "change_password": "5/m/user",
}
MFA_ADAPTER = "qudao_site.accounts.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_TOTP_ISSUER = "Qudao"
MFA_PASSKEY_LOGIN_ENABLED = False
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PRODUCTION
HEADLESS_SERVE_SPECIFICATION = True
HEADLESS_SPECIFICATION_TEMPLATE_NAME = None

# --- Wagtail, Oscar, API ---

WAGTAILADMIN_BASE_URL = BASE_URL
QUDAO_DEFAULT_CURRENCY = OSCAR_DEFAULT_CURRENCY
QUDAO_OPEN_CATALOGUE = env.bool("QUDAO_OPEN_CATALOGUE", False)
#: Which brand theme a site wears: host name or name of the Wagtail site → folder of the brand.
QUDAO_BRANDS: dict[str, Any] = {
    "default": env.str("QUDAO_BRAND", "plain" if PRODUCTION else "lanhe"),
    "sites": env.dict("QUDAO_BRAND_SITES", {} if PRODUCTION else {"anshe.localhost": "anshe"}),
}
# A mini-program or app that signs in through allauth's headless API sends its session token here.
QUDAO_API_AUTHENTICATION = [
    "allauth.headless.contrib.rest_framework.authentication.XSessionTokenAuthentication",
]
QUDAO_API_RATES: dict[str, str] = env.dict("QUDAO_API_RATES", {})

REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "NUM_PROXIES": TRUSTED_PROXIES,
}
SPECTACULAR_SETTINGS: dict[str, Any] = {
    "OAS_VERSION": "3.1.1",
    "TITLE": "Qudao API",
    "VERSION": "v1",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "PREPROCESSING_HOOKS": ["qudao_core.headless.schema.only_ours"],
    "POSTPROCESSING_HOOKS": [],
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "SERVERS": [{"url": BASE_URL}],
}

# --- Mail ---

_MAIL_URL = secret("QUDAO_EMAIL_URL", "smtp://localhost:25" if PRODUCTION else "console:")
_MAIL = mail_settings("QUDAO_EMAIL_URL", _MAIL_URL)
# Mails are kept and delivered like events, each recipient by a delivery of its own: no request waits for a mail server.
EMAIL_BACKEND = "qudao_core.mail.queue.EmailBackend"
QUDAO_MAIL_BACKEND = _MAIL["EMAIL_BACKEND"]
EMAIL_HOST, EMAIL_PORT, EMAIL_TIMEOUT = _MAIL["EMAIL_HOST"], _MAIL["EMAIL_PORT"], _MAIL["EMAIL_TIMEOUT"]
EMAIL_USE_TLS, EMAIL_USE_SSL = _MAIL["EMAIL_USE_TLS"], _MAIL["EMAIL_USE_SSL"]
EMAIL_HOST_USER, EMAIL_FILE_PATH = _MAIL["EMAIL_HOST_USER"], _MAIL["EMAIL_FILE_PATH"]
EMAIL_HOST_PASSWORD = secret("QUDAO_EMAIL_PASSWORD", _MAIL["EMAIL_HOST_PASSWORD"])
DEFAULT_FROM_EMAIL = SERVER_EMAIL = OSCAR_FROM_EMAIL = env.str(
    "QUDAO_FROM_EMAIL", "Qudao <no-reply@localhost>"
)

# --- Security ---

SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS and TRUSTED_PROXIES else None
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = env.int("QUDAO_HSTS_SECONDS", 365 * 24 * 3600) if HTTPS else 0
# Both speak for other host names too, and preloading cannot be taken back for months.
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.bool("QUDAO_HSTS_SUBDOMAINS", False)
SECURE_HSTS_PRELOAD = env.bool("QUDAO_HSTS_PRELOAD", False)
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = OSCAR_BASKET_COOKIE_SECURE = HTTPS
OSCAR_RECENTLY_VIEWED_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "qudao_site.views.csrf_failed"

# --- Logs ---

DJANGO_STRUCTLOG_CELERY_ENABLED = bool(CELERY_BROKER_URL)
DJANGO_STRUCTLOG_TRUST_UPSTREAM_REQUEST_ID = TRUSTED_PROXIES > 0
# Reading the user for the log would cost every public page a session; the views that need it read it anyway.
DJANGO_STRUCTLOG_USER_ID_FIELD = None
DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False

LOGGING = configure_logs(
    style=env.str("QUDAO_LOG_FORMAT", "json" if PRODUCTION else "plain"),
    level=env.str("QUDAO_LOG_LEVEL", "INFO" if PRODUCTION else "WARNING"),
)
