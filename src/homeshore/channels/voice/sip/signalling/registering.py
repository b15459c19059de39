"""Registrations at a trunk (RFC 3261 §10): that calls of an account come to us, for as long as the trunk says."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from aiosipua.headers import parse_address
from aiosipua.message import SipResponse

from homeshore.channels.voice.sip.signalling import digest
from homeshore.channels.voice.sip.signalling.asking import Asked, Asking
from homeshore.channels.voice.sip.signalling.dialogs import Address, Dialog, unanswered
from homeshore.channels.voice.sip.signalling.digest import Account, Challenge
from homeshore.channels.voice.sip.signalling.events import Event, NotRegistered, Registered

NOBODY_SAID_ANYTHING = 408
TOO_BRIEF = 423
MOST_TRIES = 4
"""Requests for one registration: the first, one with a proof, one more for a nonce that is over, one for a longer time."""


@dataclass(frozen=True, slots=True)
class _Wish:
    """What we want of a trunk; `dialog` only numbers the requests, `known` is the challenge that it made last."""

    account: Account
    contact: str
    dialog: Dialog
    seconds: int
    known: Challenge | None = None
    tries: int = 0


class Registering:
    """What we want to be registered as, by a name of the caller's choice."""

    def __init__(self, asking: Asking, token: Callable[[], str]) -> None:
        self._asking, self._token = asking, token
        self._wishes: dict[str, _Wish] = {}

    def ask(self, tag: str, account: Account, *, edge: Address, contact: str, seconds: int, now: float) -> None:
        """Register, or no more when for 0 seconds. What the trunk asked as a proof before is answered beforehand."""
        before = self._wishes.get(tag)
        if before and before.account == account:
            wish = replace(before, contact=contact, seconds=seconds, tries=0, dialog=replace(before.dialog, hop=edge))
        else:
            wish = _Wish(account, contact, self._series(tag, account, edge), seconds)
        self._send(tag, wish, now=now)

    def hear(self, asked: Asked, answer: SipResponse, *, now: float) -> list[Event]:
        """What the trunk said to a request of ours."""
        wish = self._wishes.get(asked.tag)
        if wish is None or not _is_last(asked, wish):
            return []
        if answer.status_code < 300:
            return [Registered(asked.tag, _seconds(answer, wish))]
        if wish.tries < MOST_TRIES and (another := self._after(wish, answer)):
            self._send(asked.tag, another, now=now)
            return []
        return self._failed(asked.tag, answer.status_code, _whole(answer.get_header("Retry-After")))

    def give_up(self, asked: Asked) -> list[Event]:
        """Nobody answered."""
        wish = self._wishes.get(asked.tag)
        if wish is None or not _is_last(asked, wish):
            return []
        return self._failed(asked.tag, NOBODY_SAID_ANYTHING, 0)

    def _after(self, wish: _Wish, answer: SipResponse) -> _Wish | None:
        """What is to be asked instead; None when that is in vain."""
        if answer.status_code == TOO_BRIEF and (least := _whole(answer.get_header("Min-Expires"))) > wish.seconds > 0:
            return replace(wish, seconds=least)
        challenge = digest.next_challenge(wish.known, answer)
        return replace(wish, known=challenge) if challenge else None

    def _failed(self, tag: str, status: int, retry_after: int) -> list[Event]:
        self._wishes[tag] = replace(self._wishes[tag], known=None)
        return [NotRegistered(tag, status, retry_after)]

    def _send(self, tag: str, wish: _Wish, *, now: float) -> None:
        known = wish.known.used() if wish.known else None
        numbered = replace(wish.dialog, sequence=wish.dialog.sequence + 1)
        wish = self._wishes[tag] = replace(wish, known=known, dialog=numbered, tries=wish.tries + 1)
        more = {"Contact": f"<{wish.contact}>", "Expires": str(wish.seconds)}
        if known:
            word = self._token()
            more[known.answered_by] = digest.proof(
                known, wish.account, method="REGISTER", uri=numbered.target, word=word
            )
        self._asking.ask("REGISTER", numbered, more=more, now=now)

    def _series(self, tag: str, account: Account, edge: Address) -> Dialog:
        us, server = account.address, f"sip:{account.server}"
        return unanswered(
            call_id=self._token(), us=f"<{us}>;tag={self._token()}", them=f"<{us}>", target=server, hop=edge, tag=tag
        )


def _is_last(asked: Asked, wish: _Wish) -> bool:
    """Whether a request is our last of this wish, and not one of what we wished before."""
    cseq = asked.request.cseq
    return cseq is not None and (asked.request.call_id, cseq.seq) == (wish.dialog.call_id, wish.dialog.sequence)


def _seconds(answer: SipResponse, wish: _Wish) -> int:
    """For how long the trunk keeps the registration that was asked for: it may say another time than ours."""
    if not wish.seconds:
        return 0
    granted = {_address(each): _expires(each) for each in answer.get_header_values("Contact")}
    ours = granted.get(_address(f"<{wish.contact}>"))
    return ours if ours is not None else _whole(answer.get_header("Expires")) or wish.seconds


def _address(written: str) -> str:
    uri = parse_address(written).uri
    return f"{uri.user}@{uri.host}:{uri.port or 5060}"


def _expires(written: str) -> int | None:
    said = parse_address(written).params.get("expires") or ""
    return int(said) if said.isdecimal() else None


def _whole(written: str | None) -> int:
    """The whole number at the beginning; 0 when there is none."""
    said = (written or "").strip().partition(";")[0].partition("(")[0].strip()
    return int(said) if said.isdecimal() else 0
