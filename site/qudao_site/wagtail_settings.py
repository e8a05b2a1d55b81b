"""Wagtail as this site runs it: sign-in is allauth's, documents are asked for, drafts are shown in our clients."""

from zoneinfo import available_timezones

from environs import Env

from qudao_site.policies import QUDAO_BACK_OFFICE_POLICY, QUDAO_PREVIEW_POLICY, origin

env = Env()

WAGTAIL_SITE_NAME = "Qudao"
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}
# People, passwords and e-mail addresses are allauth's: Wagtail's own pages for them would go around MFA.
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAIL_ENABLE_UPDATE_CHECK = False
#: What browsers know too: some systems list "localtime", which is no zone anybody chooses.
WAGTAIL_USER_TIME_ZONES = sorted(
    zone for zone in available_timezones() if "/" in zone and not zone.startswith(("Etc/", "SystemV/", "US/"))
)
WAGTAIL_GRAVATAR_PROVIDER_URL = None
#: Headless clients that show editors' drafts: host name of the site, or ``default`` → address of the client's preview.
_CLIENTS: dict[str, str] = env.dict("QUDAO_HEADLESS_CLIENTS", {})
WAGTAIL_HEADLESS_PREVIEW = {"CLIENT_URLS": _CLIENTS, "ENFORCE_TRAILING_SLASH": False}
#: The preview panel holds the page, and in headless mode the page holds the client: both may frame it.
_FRAMES = ["'self'", *sorted({origin(url) for url in _CLIENTS.values()})]
QUDAO_BACK_OFFICE_POLICY = QUDAO_BACK_OFFICE_POLICY | {"frame-src": _FRAMES}
QUDAO_PREVIEW_POLICY = QUDAO_PREVIEW_POLICY | {"frame-src": _FRAMES}
WAGTAILDOCS_SERVE_METHOD = "serve_view"
WAGTAILDOCS_DOCUMENT_FORM_BASE = "qudao_partner_portal.documents.admin.DocumentForm"
WAGTAILDOCS_EXTENSIONS = [
    *("csv", "docx", "dwg", "key", "mp4", "odt", "pdf", "pptx", "rtf", "txt", "webm", "xlsx", "zip"),
]
WAGTAILDOCS_MAX_UPLOAD_SIZE = 200 * 1024 * 1024
WAGTAILIMAGES_FORMAT_CONVERSIONS = {"avif": "webp", "bmp": "webp"}
