"""What the forms of Wagtail's admin ask before they send: who is signed in now (``office.js``)."""

from __future__ import annotations

from django.http import HttpRequest, JsonResponse
from django.middleware.csrf import get_token
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from wagtail.admin.auth import require_admin_access

SESSION = "qudao_office_session"


@never_cache
@require_safe
@require_admin_access
def session(request: HttpRequest) -> JsonResponse:
    """Who is signed in, and a token for the forms of a page that was opened before they signed in again."""
    return JsonResponse({"person": str(request.user.pk), "token": get_token(request)})


def script() -> str:
    """For every page of the admin, with what it says."""
    return format_html(
        '<script defer src="{}" data-session="{}" data-offline="{}" data-signed-out="{}"'
        ' data-other-person="{}" data-failed="{}"></script>',
        static("qudao_partner_portal/office.js"),
        reverse(SESSION),
        _("No connection. Nothing was sent; what you entered is still here."),
        _(
            "You have been signed out, and nothing was sent. Sign in again in another tab, then try again here."
        ),
        _("Someone else is signed in now, so nothing was sent. Reload the page to continue as that person."),
        _("That did not work. Please try again."),
    )
