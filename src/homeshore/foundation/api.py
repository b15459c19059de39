"""Members, tokens and the audit trail, for programs."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Field, Router, Schema, Status

from homeshore.api.auth import RoleAuth, everybody
from homeshore.foundation import idempotency, members, queries, tokens
from homeshore.foundation.clock import now
from homeshore.foundation.models import Membership, Role

router = Router()
ADMIN = RoleAuth(Role.OPERATOR_ADMIN)


class OperatorOut(Schema):
    id: int
    name: str
    time_zone: str
    currency: str
    language: str


class Me(Schema):
    """As whom the caller acts."""

    membership: int = Field(alias="pk")
    name: str = Field(alias="user.name")
    email: str = Field(alias="user.email")
    role: Role
    operator: OperatorOut


class Member(Schema):
    id: int
    name: str = Field(alias="user.name")
    email: str = Field(alias="user.email")
    role: Role
    active: bool


class Invitation(Schema):
    name: str
    email: str
    role: Role


class Entry(Schema):
    id: int
    at: datetime
    who: str | None = None
    verb: str
    target: str
    data: dict[str, Any]

    @staticmethod
    def resolve_who(entry: Any) -> str | None:
        return str(entry.actor) if entry.actor else None


class TrailOut(Schema):
    """A page, newest first; `older` is the next `before`."""

    entries: list[Entry]
    older: int | None = None


class TokenWanted(Schema):
    """`may_write`: whether it may change anything; a token for some brands only is made on the screen."""

    name: str
    may_write: bool = True


class Token(Schema):
    id: int
    name: str
    may_write: bool
    brands: list[int]
    created_at: datetime
    revoked_at: datetime | None = None


class NewToken(Token):
    """`token` is told this once."""

    token: str


def caller(request: HttpRequest) -> Membership:
    """The membership under which an endpoint is called."""
    member: Membership = request.auth  # type: ignore[attr-defined]
    return member


@router.get("/me", auth=everybody(), response=Me, tags=["account"])
def me(request: HttpRequest) -> Any:
    """As whom the caller acts, for which operator."""
    return caller(request)


@router.get("/members", auth=ADMIN, response=list[Member], tags=["members"])
def list_members(request: HttpRequest) -> Any:
    """Everybody who has or had a role."""
    return queries.members(caller(request).operator_id)


@router.post("/members", auth=ADMIN, response={201: Member}, tags=["members"])
def invite_member(request: HttpRequest, invitation: Invitation) -> Any:
    """Let somebody in and send them the mail with which they choose a password."""
    by = caller(request)
    invited = members.invite(operator_id=by.operator_id, **invitation.dict(), by=by.user, now=now())
    return Status(201, invited)


@router.post("/members/{membership_id}/shut-out", auth=ADMIN, response=Member, tags=["members"])
def shut_out_member(request: HttpRequest, membership_id: int) -> Any:
    """End somebody's membership."""
    by = caller(request)
    return members.shut_out(operator_id=by.operator_id, membership_id=membership_id, by=by.user, now=now())


@router.post("/members/{membership_id}/let-back-in", auth=ADMIN, response=Member, tags=["members"])
def let_member_back_in(request: HttpRequest, membership_id: int) -> Any:
    """Let somebody act again who was shut out."""
    by = caller(request)
    return members.let_back_in(operator_id=by.operator_id, membership_id=membership_id, by=by.user, now=now())


@router.get("/trail", auth=ADMIN, response=TrailOut, tags=["audit"])
def read_trail(request: HttpRequest, search: str = "", before: int | None = None) -> Any:
    """Who did what to what, 50 entries at a time."""
    return queries.trail(caller(request).operator_id, search=search, before=before)


@router.get("/tokens", auth=ADMIN, response=list[Token], tags=["tokens"])
def list_tokens(request: HttpRequest) -> Any:
    """The operator's tokens, without their text."""
    return tokens.of_operator(caller(request).operator_id)


@router.post("/tokens", auth=ADMIN, response={201: NewToken}, tags=["tokens"])
def issue_token(request: HttpRequest, wanted: TokenWanted) -> Any:
    """Make a token that acts as the caller; its text is in this answer and nowhere else."""
    idempotency.tell_once(request)
    token, text = tokens.issue(by=caller(request), name=wanted.name, may_write=wanted.may_write, now=now())
    return Status(201, {**Token.from_orm(token).dict(), "token": text})


@router.post("/tokens/{token_id}/revoke", auth=ADMIN, response=Token, tags=["tokens"])
def revoke_token(request: HttpRequest, token_id: int) -> Any:
    """End a token."""
    return tokens.revoke(by=caller(request), token_id=token_id, now=now())
