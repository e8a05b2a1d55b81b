"""Answers of the API about files made in the background."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

#: Seconds until asking again makes sense.
ASK_AGAIN = 2


def accepted_response(document: Mapping[str, Any], path: str, request: Request) -> Response:
    """202: the file is being made; ``path`` says how far it is."""
    headers = {"Location": request.build_absolute_uri(path), "Retry-After": str(ASK_AGAIN)}
    return Response(document, status=status.HTTP_202_ACCEPTED, headers=headers)
