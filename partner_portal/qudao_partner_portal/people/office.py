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
from wagtail.log_actions import get_active_log_context

SESSION = "qudao_office_session"


@never_cache
@require_safe
@require_admin_access
def session(request: HttpRequest) -> JsonResponse:
    """Who is signed in, and a token for the forms of a page that was opened before they signed in again."""
    return JsonResponse({"person": str(request.user.pk), "token": get_token(request)})


def script() -> str:
    """For every page of the admin; Wagtail notes whom it is rendered for."""
    user = get_active_log_context().user
    return format_html(
        '<script defer src="{}" data-session="{}" data-person="{}" data-offline="{}" data-signed-out="{}"'
        ' data-other-person="{}" data-failed="{}"></script>',
        static("qudao_partner_portal/office.js"),
        reverse(SESSION),
        str(user.pk) if user else "",
        _("No connection. Nothing was sent; what you entered is still here."),
        _("You have been signed out. Nothing was sent. Sign in in another tab, then try again here."),
        _("Somebody else is signed in now. Nothing was sent. Load the page again to go on as this person."),
        _("That did not work. Please try again."),
    )
