"""What we ask of the other end (RFC 3261 §8.1, §13.2, §14.1): calls that we place, other sessions; and what they answer."""

from collections.abc import Callable

from aiosipua.message import SipResponse

from homeshore.channels.voice.sip.signalling import digest, messages
from homeshore.channels.voice.sip.signalling.asking import Asked, Asking
from homeshore.channels.voice.sip.signalling.dialogs import Address, begun_by_us
from homeshore.channels.voice.sip.signalling.digest import Account
from homeshore.channels.voice.sip.signalling.events import Agreed, Answered, Ended, Event, Failed, Gone, Refused, Rings
from homeshore.channels.voice.sip.signalling.lines import Line, Lines
from homeshore.channels.voice.sip.signalling.registering import NOBODY_SAID_ANYTHING

GLARE_SECONDS = 1.0
"""Both ends asked for a session at once: who did not begin the dialog asks again within 2 s (RFC 3261 §14.1)."""
BY_ACCOUNT = {"X-Homeshore-Account": "yes"}
"""Tells our proxy that a call goes to the server of its Request-URI, and not to a gateway that knows us by our address."""
IDENTITY = ("P-Asserted-Identity", *BY_ACCOUNT)
"""What an INVITE says of us, also when it is asked once more."""
MOST_PROOFS = 2
"""Of one INVITE: another for a nonce that was over."""


class Calling:
    """Asks for calls and sessions. `hang_up` ends a line of ours, whichever way it stands."""

    def __init__(
        self,
        lines: Lines,
        asking: Asking,
        *,
        token: Callable[[], str],
        hang_up: Callable[[str, float], bool],
    ) -> None:
        self._lines, self._asking, self._token, self._hang_up = lines, asking, token, hang_up

    def call(
        self,
        tag: str,
        number: str,
        *,
        shown: str,
        edge: Address,
        sdp: str,
        account: Account | None = None,
        now: float,
    ) -> None:
        """Call a number by the proxy at `edge`, under a tag that nobody else has, showing them the number `shown`.

        With an `account` its trunk carries the call, and is given its password when it asks. Rings, then Answered or Failed follow.
        """
        domain = account.server if account else f"{edge[0]}:{edge[1]}"
        sender = account.login if account else shown
        dialog = begun_by_us(call_id=self._token(), tag=tag, number=number, shown=sender, domain=domain, hop=edge)
        identity = {"P-Asserted-Identity": f"<sip:{shown}@{domain}>", **(BY_ACCOUNT if account else {})}
        line = self._lines[tag] = Line(dialog, account=account)
        line.asking = self._asking.ask("INVITE", line.counted(), sdp=sdp, more=identity, now=now).branch

    def can_ask(self, tag: str) -> bool:
        """Whether another session may be asked for now: they know that we answered, and nothing else is under way."""
        line = self._lines.get(tag)
        return line is not None and line.confirmed and not (line.asking or line.wanted or line.invite or line.accepted)

    def ask(self, tag: str, sdp: str, *, now: float) -> None:
        """Ask them for another session; answered by Agreed, Refused or Gone. KeyError unless `can_ask`."""
        if not self.can_ask(tag):
            raise KeyError(tag)
        self._ask(self._lines[tag], sdp, now=now)

    def ask_again(self, *, now: float) -> None:
        """Ask once more for the sessions that crossed theirs, now that their pause is over."""
        for line in [each for each in self._lines.values() if each.ask_at is not None and each.ask_at <= now]:
            sdp, line.wanted, line.ask_at = line.wanted, "", None
            self._ask(line, sdp, now=now)

    def hear(self, asked: Asked, answer: SipResponse, *, now: float) -> list[Event]:
        """What they answered to an INVITE of ours."""
        line = self._lines.get(asked.tag)
        if line is None or line.asking != asked.branch:
            return []
        if answer.status_code < 200:
            return self._hear_progress(line, asked, answer, now=now)
        if self._prove(line, asked, answer, now=now):
            return []
        if line.places:
            return self._hear_outcome(line, asked, answer, now=now)
        line.asking = ""
        if answer.status_code < 300:
            line.dialog = line.dialog.retargeted(answer)
            return [Agreed(asked.tag, messages.sdp_of(answer))]
        if answer.status_code == 491:
            line.wanted, line.ask_at = asked.sdp, now + GLARE_SECONDS
            return []
        if answer.status_code in (408, 481):
            del self._lines[asked.tag]
            return [Gone(asked.tag, f"answered {answer.status_code}")]
        return [Refused(asked.tag, answer.status_code)]

    def give_up(self, asked: Asked, *, now: float) -> list[Event]:
        """Nobody answered an INVITE of ours for half a minute."""
        if (line := self._lines.get(asked.tag)) and line.places:
            del self._lines[asked.tag]
            return [Ended(asked.tag) if line.cancelled else Failed(asked.tag, NOBODY_SAID_ANYTHING)]
        return [Gone(asked.tag, "does not answer")] if self._hang_up(asked.tag, now) else []

    def _hear_progress(self, line: Line, asked: Asked, answer: SipResponse, *, now: float) -> list[Event]:
        if not line.places:
            return []
        first, line.listened_to = not line.listened_to, True
        if line.cancelled:
            if first:
                self._asking.cancel(asked, now=now)
            return []
        return [Rings(asked.tag, messages.sdp_of(answer))] if answer.status_code > 100 else []

    def _hear_outcome(self, line: Line, asked: Asked, answer: SipResponse, *, now: float) -> list[Event]:
        """The call that we place is answered or refused. An answer that crossed our taking it back is hung up."""
        if answer.status_code >= 300:
            del self._lines[asked.tag]
            return [Ended(asked.tag) if line.cancelled else Failed(asked.tag, answer.status_code)]
        line.asking, line.confirmed, line.dialog = "", True, line.dialog.answered(answer)
        if line.cancelled:
            self._hang_up(asked.tag, now)
            return []
        return [Answered(asked.tag, messages.sdp_of(answer))]

    def _prove(self, line: Line, asked: Asked, answer: SipResponse, *, now: float) -> bool:
        """Ask once more with the proof that the trunk wants of an account; whether it is one that can be given (§22)."""
        if answer.status_code < 300:
            line.proofs = 0
        challenge = digest.next_challenge(line.known if line.proofs else None, answer)
        if line.account is None or challenge is None or line.proofs == MOST_PROOFS or line.cancelled:
            return False
        line.known, line.proofs, line.listened_to = challenge.used(), line.proofs + 1, False
        uri = asked.request.uri
        said = digest.proof(line.known, line.account, method="INVITE", uri=uri, word=self._token())
        same = {name: value for name in IDENTITY if (value := asked.request.get_header(name))}
        more = {**same, challenge.answered_by: said}
        line.asking = self._asking.ask("INVITE", line.counted(), sdp=asked.sdp, more=more, now=now).branch
        return True

    def _ask(self, line: Line, sdp: str, *, now: float) -> None:
        line.asking = self._asking.ask("INVITE", line.counted(), sdp=sdp, now=now).branch
