"""A customer whom the house calls: signalling by sipp, sound of our own, so that what arrives can be measured."""

from __future__ import annotations

import re
import socket
import subprocess
from itertools import count
from pathlib import Path

from tests.servers.caller import Notes, Sound
from tests.servers.telephony import NEEDED

SCENARIO = Path(__file__).parent / "called.xml"
_words = count(1)

SAYS = """
  <send{retrans}><![CDATA[
    SIP/2.0 {status} Said
    [last_Via:]
    [last_From:]
    [last_To:];tag=called
    [last_Call-ID:]
    [last_CSeq:]
    [last_Record-Route:]
    Contact: <sip:called@[local_ip]:[local_port]>
{body}
  ]]></send>
"""
NO_BODY = "    Content-Length: 0"
SOUND = """    Content-Type: application/sdp
    Content-Length: [len]

    v=0
    o=called 1 1 IN IP4 [local_ip]
    s=-
    c=IN IP4 [local_ip]
    t=0 0
    m=audio [rtp] RTP/AVP 8
    a=rtpmap:8 PCMA/8000
    a=sendrecv"""
ACKNOWLEDGED = '<recv request="ACK"/>'


def says(status: int, *, sound: bool = False) -> str:
    """An answer of theirs, which is sent again until it is acknowledged when it is a refusal."""
    final = status >= 300
    answer = SAYS.format(status=status, retrans=' retrans="500"' if final else "", body=SOUND if sound else NO_BODY)
    return answer + (ACKNOWLEDGED if final else "")


def speaks_before_it_answers() -> str:
    """Their network says something while it rings."""
    begins = '<nop><action><log message="port [$port]"/></action></nop>'
    return f'{says(183, sound=True)}{begins}<pause milliseconds="3000"/>'


def refuses(status: int) -> str:
    """They ring, and then refuse."""
    return says(180) + says(status)


def rings_in_vain() -> str:
    """They ring until the house takes the call back, as it should."""
    cancelled = (
        SAYS.format(status=200, retrans="", body=NO_BODY).replace("Said", "Cancelled").replace(";tag=called", "")
    )
    return f"""{says(180)}
  <recv request="CANCEL"/>{cancelled}
  <send retrans="500"><![CDATA[
    SIP/2.0 487 Request Terminated
    Via: [$edge]
    Via: [$house]
    From: [$from]
    To: [$to];tag=called
    [last_Call-ID:]
    CSeq: 1 INVITE
    Content-Length: 0
  ]]></send>
  {ACKNOWLEDGED}"""


def answers_all_the_same() -> str:
    """They answer in the moment in which the house takes the call back: the CANCEL crosses the 200."""
    return f"""{says(180)}
  <recv request="CANCEL"/>
  <send retrans="500"><![CDATA[
    SIP/2.0 200 OK
    Via: [$edge]
    Via: [$house]
    From: [$from]
    To: [$to];tag=called
    [last_Call-ID:]
    CSeq: 1 INVITE
    Record-Route: [$route]
    Contact: <sip:called@[local_ip]:[local_port]>
{SOUND}
  ]]></send>
  {ACKNOWLEDGED}
  <recv request="BYE"/>
{SAYS.format(status=200, retrans="", body=NO_BODY).replace(";tag=called", "")}"""


class CalledTelephone:
    """Waits at `port` to be called. `first` is what it does before it answers; where `answers` is false it never does."""

    def __init__(
        self, port: int, *, folder: Path, hertz: int = 440, first: str | None = None, answers: bool = True
    ) -> None:
        name = f"called-{next(_words)}"
        self.port, self._notes = port, Notes(folder / f"{name}.notes")
        self.sound = Sound(hertz, self._notes)
        self.sound.begin()
        self.log = folder / f"{name}.log"
        scenario = folder / f"{name}.xml"
        scenario.write_text(_scenario(first, answers=answers))
        command = [
            NEEDED["sip-tester"],
            "-sf",
            str(scenario),
            "-i",
            "127.0.0.1",
            "-p",
            str(port),
            "-m",
            "1",
            "-nostdin",
        ]
        command += [
            "-trace_err",
            "-error_file",
            str(self.log),
            *self._notes.options,
            "-key",
            "rtp",
            str(self.sound.port),
        ]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=folder)

    @property
    def rang(self) -> bool:
        """Whether somebody has called."""
        return bool(self._notes.of("call"))

    @property
    def saw(self) -> str:
        """The number that they were shown."""
        found = re.search(r"sip:([^@]+)@", self._notes.of("call")[0])
        return found[1] if found else ""

    def hang_up(self) -> None:
        """Tell sipp to end the call."""
        call_id = self._notes.of("call")[0].split()[0]
        request = (
            f"MESSAGE sip:called@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:9;branch=z9hG4bK-hang-up\r\n"
            f"From: <sip:test@127.0.0.1>;tag=test\r\nTo: <sip:called@127.0.0.1>\r\n"
            f"Call-ID: {call_id}\r\nCSeq: 1 MESSAGE\r\nContent-Length: 0\r\n\r\n"
        )
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as telling:
            telling.sendto(request.encode(), ("127.0.0.1", self.port))

    @property
    def is_over(self) -> bool:
        """Whether the call has ended at the customer's."""
        return self.process.poll() is not None

    @property
    def is_engaged(self) -> bool:
        """Whether a call goes on."""
        return self.rang and not self.is_over

    @property
    def went_well(self) -> bool:
        """Whether it has ended as its scenario has it."""
        return self.process.poll() == 0

    def close(self) -> None:
        """Leave nothing behind."""
        if not self.is_over:
            self.process.kill()
        self.process.wait(timeout=5)
        self.sound.close()


def _scenario(first: str | None, *, answers: bool) -> str:
    whole = SCENARIO.read_text()
    if first is None:
        return whole
    before, rest = whole.split("<!-- begin -->")
    after = rest.split("<!-- end -->")[1]
    if answers:
        return before + first + after
    return before + first + '\n<Reference variables="line,port,from,to,route,edge,house"/>\n</scenario>\n'
