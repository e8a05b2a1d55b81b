"""What browsers may load and run, as django-csp reads it. Everything comes from this site."""

from urllib.parse import urlsplit

from csp.constants import NONCE, NONE, SELF, UNSAFE_EVAL, UNSAFE_INLINE

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        # Widths of bars and the like are figures, not looks; an attribute cannot load anything.
        "style-src-attr": [UNSAFE_INLINE],
        "img-src": [SELF, "data:", "blob:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
# Wagtail's editor carries inline scripts of its own. Nothing there comes from elsewhere either.
QUDAO_BACK_OFFICE_PATHS = ("/admin/",)
QUDAO_BACK_OFFICE_POLICY = {
    "script-src": [SELF, UNSAFE_INLINE, UNSAFE_EVAL],
    "style-src": [SELF, UNSAFE_INLINE],
    "font-src": [SELF, "data:"],
    "frame-src": [SELF],
    "frame-ancestors": [SELF],
}
# A page as the editor's preview shows it: in a frame of the back office, its scripts held to the page's own policy.
QUDAO_PREVIEW_POLICY = {
    "style-src": [SELF, UNSAFE_INLINE],
    "frame-src": [SELF],
    "frame-ancestors": [SELF],
}
# The built documentation: Material's pages carry small scripts and styles of their own. Nobody can write into them.
DOCUMENTATION_POLICY = {
    "script-src": [SELF, UNSAFE_INLINE],
    "style-src": [SELF, UNSAFE_INLINE],
}


def origin(url: str) -> str:
    """Scheme, host and port of an address, as policies name them.

    >>> origin("https://app.example.com:8443/preview/?x=1")
    'https://app.example.com:8443'
    """
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
