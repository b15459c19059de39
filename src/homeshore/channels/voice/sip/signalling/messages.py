"""SIP messages: read with care, since anybody may send anything, and written."""

from collections.abc import Mapping
from typing import TypeVar

from aiosipua.headers import parse_uri
from aiosipua.message import SipMessage, SipRequest, SipResponse

Message = SipRequest | SipResponse
Written = TypeVar("Written", SipRequest, SipResponse)

LONGEST = 65_535
"""Bytes of a datagram."""
METHODS = ("INVITE", "ACK", "BYE", "CANCEL", "OPTIONS")
ALLOW = ", ".join(METHODS)
REASONS = {
    100: "Trying",
    200: "OK",
    400: "Bad Request",
    404: "Not Found",
    405: "Method Not Allowed",
    420: "Bad Extension",
    422: "Session Interval Too Small",
    480: "Temporarily Unavailable",
    481: "Call/Transaction Does Not Exist",
    486: "Busy Here",
    487: "Request Terminated",
    488: "Not Acceptable Here",
    491: "Request Pending",
    500: "Server Internal Error",
    503: "Service Unavailable",
}


class Malformed(ValueError):
    """What came is no SIP message that could be answered."""


def read(datagram: bytes) -> Message:
    """A message whose Via, From, To, Call-ID and CSeq are there and can be read. Raises Malformed."""
    if len(datagram) > LONGEST:
        raise Malformed("It is longer than a datagram.")
    try:
        message = SipMessage.parse(datagram)
        known = _is_whole(message)
    except (ValueError, IndexError, KeyError, TypeError, AttributeError) as error:
        raise Malformed(str(error)) from error
    if not known:
        raise Malformed("Via with a branch, From with a tag, To, Call-ID or CSeq is missing.")
    return message


def _is_whole(message: Message) -> bool:
    via, cseq, to = message.via, message.cseq, message.to_addr
    if not via or not via[0].branch or cseq is None or to is None or not message.call_id or not sender_tag(message):
        return False
    if isinstance(message, SipRequest):
        parse_uri(message.uri)
        return cseq.method == message.method and 0 <= cseq.seq < 2**31
    return 100 <= message.status_code <= 699


def branch_of(message: Message) -> str:
    """The branch of the topmost Via, by which transactions are known."""
    return message.via[0].branch or ""


def key_of(request: SipRequest) -> tuple[str, str, str]:
    """What names a server transaction (RFC 3261 §17.2.3); an ACK belongs to the INVITE with its branch."""
    via = request.via[0]
    return via.branch or "", f"{via.host}:{via.port}", "INVITE" if request.method == "ACK" else request.method


def sequence_of(message: Message) -> tuple[int, str]:
    """Number and method of the CSeq."""
    cseq = message.cseq
    return (cseq.seq, cseq.method) if cseq else (0, "")


def sender_tag(message: Message) -> str:
    """The tag of From; empty when there is none."""
    sender = message.from_addr
    return (sender.tag or "") if sender else ""


def receiver_tag(message: Message) -> str:
    """The tag of To; empty when there is none."""
    receiver = message.to_addr
    return (receiver.tag or "") if receiver else ""


def sdp_of(message: Message) -> str:
    """The session description it carries; empty when it carries none."""
    kind = (message.content_type or "").partition(";")[0].strip().lower()
    return message.text if message.body and kind == "application/sdp" else ""


def called_by(invite: SipRequest) -> str:
    """The number that is called: the user of the Request-URI."""
    return parse_uri(invite.uri).user or ""


def addressee_of(invite: SipRequest) -> str:
    """The number to which the caller wrote: the user of To, which stays as it was where a trunk names its subscriber in the Request-URI."""
    to = invite.to_addr
    return (to.uri.user if to else None) or ""


def caller_of(invite: SipRequest) -> tuple[str, str]:
    """Number and name of who calls; both empty when they are withheld."""
    sender = invite.from_addr
    number = (sender.uri.user if sender else None) or ""
    if number.lower() == "anonymous" or "id" in (invite.get_header("Privacy") or "").split(";"):
        return "", ""
    return number, (sender.display_name if sender else None) or ""


def reply(
    request: SipRequest, status: int, *, tag: str = "", sdp: str = "", headers: Mapping[str, str] | None = None
) -> SipResponse:
    """An answer to a request, to be sent back along its Vias. `tag` names our end where the request did not."""
    answer = SipResponse(status_code=status, reason_phrase=REASONS.get(status, "Refused"))
    for name in ("Via", "From", "Call-ID", "CSeq"):
        for value in request.get_header_values(name):
            answer.add_header(name, value)
    to = request.get_header("To") or ""
    answer.set_header("To", to if receiver_tag(request) or not tag else f"{to};tag={tag}")
    if request.method == "INVITE" and status < 300:
        for value in request.get_header_values("Record-Route"):
            answer.add_header("Record-Route", value)
    return _filled(answer, sdp, headers)


def request(method: str, target: str, *, sdp: str = "", headers: Mapping[str, str | tuple[str, ...]]) -> SipRequest:
    """A request of ours."""
    made = SipRequest(method=method, uri=target)
    for name, values in headers.items():
        for value in (values,) if isinstance(values, str) else values:
            made.add_header(name, value)
    made.set_header("Max-Forwards", "70")
    return _filled(made, sdp, None)


def _filled(message: Written, sdp: str, headers: Mapping[str, str] | None) -> Written:
    for name, value in (headers or {}).items():
        message.set_header(name, value)
    if sdp:
        message.content_type = "application/sdp"
        message.text = sdp
    return message
