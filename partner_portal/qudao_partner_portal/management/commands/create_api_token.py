"""Make an API token on the server, for a program whose person signs in nowhere."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from qudao_core.errors import Refusal
from qudao_core.headless.services import create_token
from qudao_core.viewers import viewer_for

from ...companies.models import Company


class Command(BaseCommand):
    help = "Make an API token for a person. It is printed once and kept nowhere."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", help="Whose rights the program has.")
        parser.add_argument(
            "--company", default="", metavar="CODE", help="For which company; else the usual one."
        )
        parser.add_argument("--name", default="ERP", help="Which program uses it.")
        parser.add_argument(
            "--days", type=int, metavar="N", help="Ends after N days; without, after the usual time."
        )
        parser.add_argument("--read-only", action="store_true")

    def handle(
        self, *, email: str, company: str, name: str, days: int | None, read_only: bool, **_: Any
    ) -> None:
        user = get_user_model().objects.filter(email__iexact=email, is_active=True).first()
        if user is None:
            raise CommandError(f"Nobody signs in as {email}.")
        found = Company.objects.filter(code=company).first() if company else None
        viewer = viewer_for(user, company_id=found.pk if found else None)
        if company and (found is None or viewer.company_id != found.pk):
            raise CommandError(f"{email} does not work for a company {company}.")
        try:
            expires_at = None if days is None else timezone.now() + timedelta(days=days)
            _record, token = create_token(
                viewer=viewer, name=name, expires_at=expires_at, read_only=read_only
            )
        except Refusal as refusal:
            raise CommandError(str(refusal.message)) from refusal
        self.stdout.write(token)
