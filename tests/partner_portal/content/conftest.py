"""The same people as for documents, and a small tree of pages."""

from tests.partner_portal.documents.conftest import people

__all__ = ["people"]
