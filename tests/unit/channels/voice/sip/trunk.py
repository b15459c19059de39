"""The other end of a call: what a trunk says and hears, datagram by datagram, with a clock that stands still."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import count

from homeshore.channels.voice.sip.signalling import Event, Send, UserAgent
from homeshore.channels.voice.sip.signalling.messages import Message, read, receiver_tag

EDGE = ("127.0.0.1", 5060)
OFFER = "v=0\r\no=- 1 1 IN IP4 192.0.2.7\r\ns=-\r\nc=IN IP4 192.0.2.7\r\nt=0 0\r\nm=audio 4000 RTP/AVP 8\r\n"


class Trunk:
    """A call by the number `+33145060708` to `+33156070809`, and whatever follows."""

    def __init__(self) -> None:
        words = (f"word{n}" for n in count(1))
        self.house = UserAgent(contact="127.0.0.1:5080", token=lambda: next(words))
        self.now = 0.0
        self.tag = ""
        self.sequence = 1
        self.branches = count(1)

    def request(
        self, method: str, *, branch: str = "", to_tag: str = "", sequence: int = 0, sdp: str = "", **more: str
    ) -> bytes:
        headers = {
            "Via": f"SIP/2.0/UDP 127.0.0.1:5060;branch=z9hG4bK-{branch or f'b{next(self.branches)}'}",
            "From": '"Claire Vasseur" <sip:+33145060708@trunk.example>;tag=theirs',
            "To": "<sip:+33156070809@house.example>" + (f";tag={to_tag}" if to_tag else ""),
            "Call-ID": "call-1",
            "CSeq": f"{sequence or self.sequence} {method}",
            "Contact": "<sip:caller@192.0.2.7:5062>",
            "Record-Route": "<sip:127.0.0.1:5060;lr;r2=on>, <sip:192.0.2.1;lr;r2=on>",
            **{name.replace("_", "-"): value for name, value in more.items()},
            **({"Content-Type": "application/sdp"} if sdp else {}),
            "Content-Length": str(len(sdp)),
        }
        lines = [f"{method} sip:+33156070809@house.example SIP/2.0", *(f"{k}: {v}" for k, v in headers.items() if v)]
        return ("\r\n".join(lines) + "\r\n\r\n" + sdp).encode()

    def says(self, datagram: bytes) -> list[Event]:
        return self.house.receive(datagram, EDGE, now=self.now)

    def hears(self) -> list[Message]:
        """What the house has sent since the last look."""
        return [read(each.datagram) for each in self.sent()]

    def sent(self) -> list[Send]:
        return self.house.to_send()

    def after(self, seconds: float) -> list[Event]:
        """Time passes in small steps, as the telephone's loop lets it."""
        events: list[Event] = []
        end = self.now + seconds
        while (due := self.house.next_due()) is not None and due <= end:
            self.now = max(self.now, due)
            events += self.house.tick(now=self.now)
        self.now = end
        return events + self.house.tick(now=end)

    def calls(self, **more: str) -> str:
        """The number is called; our tag of the dialog."""
        [event] = self.says(self.request("INVITE", branch="call", sdp=OFFER, **more))
        self.tag = event.tag
        return self.tag

    def is_answered(self) -> None:
        """The call is answered and that is acknowledged."""
        self.house.answer(self.tag, "v=0 house", now=self.now)
        self.says(self.request("ACK", to_tag=self.tag))
        self.sent()

    def within(self, method: str, **more) -> list[Event]:
        """A request within the dialog."""
        self.sequence += 1
        return self.says(self.request(method, to_tag=self.tag, **more))

    def is_called(self) -> Message:
        """The house calls the number `+33145060708` through the trunk; its INVITE."""
        self.tag = "ours"
        self.house.call(self.tag, "+33145060708", shown="+33156070809", edge=EDGE, sdp="v=0 house", now=self.now)
        [invite] = self.hears()
        return invite

    def answers(
        self,
        request: Message,
        status: int,
        *,
        sdp: str = "",
        contact: str = "",
        tag: str = "",
        route: str = "",
        more: Mapping[str, str] | None = None,
    ) -> list[Event]:
        """An answer to a request of the house; `tag` names the end that answers a call, `more` are headers beside."""
        copied = [
            f"{name}: {value}" + (f";tag={tag}" if tag and name == "To" else "")
            for name in ("Via", "From", "To", "Call-ID", "CSeq")
            for value in request.get_header_values(name)
        ]
        extra = [f"Contact: {contact}"] if contact else []
        extra += [f"Record-Route: {route}"] if route else []
        extra += [f"{name}: {value}" for name, value in (more or {}).items()]
        kind = ["Content-Type: application/sdp"] if sdp else []
        return self.says(
            (
                "\r\n".join([f"SIP/2.0 {status} Said", *copied, *extra, *kind, f"Content-Length: {len(sdp)}"])
                + "\r\n\r\n"
                + sdp
            ).encode()
        )


def statuses(messages: list[Message]) -> list[tuple[str, int]]:
    """Method and status of answers; requests count as status 0."""
    return [(each.cseq.method, getattr(each, "status_code", 0)) for each in messages]


__all__ = ["EDGE", "OFFER", "Trunk", "receiver_tag", "statuses"]
