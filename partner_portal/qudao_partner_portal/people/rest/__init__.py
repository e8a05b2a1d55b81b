"""The caller, colleagues, invitations and tokens through the API."""

from .invitations import (
    InvitationAccept,
    InvitationDetail,
    InvitationLookup,
    InvitationRegister,
    InvitationResend,
    Invitations,
)
from .me import Me, MyCompany
from .people import People, PersonDetail
from .tokens import TokenDetail, Tokens

__all__ = [
    "InvitationAccept",
    "InvitationDetail",
    "InvitationLookup",
    "InvitationRegister",
    "InvitationResend",
    "Invitations",
    "Me",
    "MyCompany",
    "People",
    "PersonDetail",
    "TokenDetail",
    "Tokens",
]
