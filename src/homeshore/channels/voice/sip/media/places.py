"""Where a caller may be: alone with music, with an agent, or with another caller (in the agent's stead). Each place is a call of rtpengine's, under a name of ours."""

from pathlib import Path
from typing import Any

from homeshore.channels.voice.sip.descriptions import to_nowhere
from homeshore.channels.voice.sip.media.control import Control, UnknownPlace
from homeshore.channels.voice.sip.media.statistics import Heard, heard_in

CALLER, MUSIC, AGENT = "caller", "music", "agent"
"""The ends of a place, as rtpengine's tags."""
SPOKEN = {"strip": ["all"], "except": ["PCMA", "PCMU", "G722", "telephone-event"]}
"""Codecs that telephones and browsers both have: nothing needs to be converted."""
SHOWN = ["origin", "session-connection"]
FOR_EVER = 10_000


class Places:
    """The places of this rtpengine. Every method raises MediaAway, and UnknownPlace for a place that is no more."""

    def __init__(self, control: Control) -> None:
        self._control = control

    def alone(self, place: str, offer: str) -> str:
        """Make a place where the caller is alone; the description for them. Raises MediaError when they share no codec."""
        shown = self._ask("offer", place, from_tag=CALLER, sdp=offer, ICE="remove", replace=SHOWN, codec=SPOKEN)
        answer = self._ask(
            "answer", place, from_tag=CALLER, to_tag=MUSIC, sdp=to_nowhere(shown["sdp"]), ICE="remove", replace=SHOWN
        )
        self._ask("block media", place, from_tag=CALLER)
        return str(answer["sdp"])

    def play(self, place: str, file: Path, *, again: bool) -> float:
        """Let the caller hear a recording, for ever or once; its seconds."""
        answer = self._ask("play media", place, from_tag=CALLER, file=str(file), repeat_times=FOR_EVER if again else 1)
        return float(answer.get("duration", 0)) / 1000

    def offer(self, place: str, offer: str) -> str:
        """Make a place for caller and agent; the description that the agent's browser is offered."""
        answer = self._ask(
            "offer",
            place,
            from_tag=CALLER,
            sdp=offer,
            ICE="force",
            DTLS="passive",
            SDES=["off"],
            transport_protocol="UDP/TLS/RTP/SAVPF",
            rtcp_mux=["offer", "require"],
            flags=["generate mid"],
            replace=SHOWN,
            codec=SPOKEN,
        )
        return str(answer["sdp"])

    def answer(self, place: str, answer: str) -> str:
        """What the agent's browser answered; the description for the caller."""
        given = self._ask(
            "answer",
            place,
            from_tag=CALLER,
            to_tag=AGENT,
            sdp=answer,
            ICE="remove",
            transport_protocol="RTP/AVP",
            rtcp_mux=["demux"],
            replace=SHOWN,
        )
        return str(given["sdp"])

    def between(self, place: str, offer: str) -> str:
        """Make a place for a caller and another one; the description that the other is offered."""
        answer = self._ask(
            "offer", place, from_tag=CALLER, sdp=offer, ICE="remove", rtcp_mux=["demux"], replace=SHOWN, codec=SPOKEN
        )
        return str(answer["sdp"])

    def agree(self, place: str, answer: str) -> str:
        """What the other one answered; the description for the caller."""
        given = self._ask(
            "answer", place, from_tag=CALLER, to_tag=AGENT, sdp=answer, ICE="remove", rtcp_mux=["demux"], replace=SHOWN
        )
        return str(given["sdp"])

    def between_page(self, place: str, offer: str) -> str:
        """... for one at a page, who made this offer, and another one; the description that the other is offered."""
        answer = self._ask(
            "offer",
            place,
            from_tag=CALLER,
            sdp=offer,
            ICE="remove",
            transport_protocol="RTP/AVP",
            rtcp_mux=["demux"],
            replace=SHOWN,
            codec=SPOKEN,
        )
        return str(answer["sdp"])

    def agree_page(self, place: str, answer: str) -> str:
        """What the other one answered; the description for the page."""
        given = self._ask(
            "answer",
            place,
            from_tag=CALLER,
            to_tag=AGENT,
            sdp=answer,
            ICE="force",
            SDES=["off"],
            transport_protocol="UDP/TLS/RTP/SAVPF",
            replace=SHOWN,
        )
        return str(given["sdp"])

    def meet(self, place: str, theirs: str, agents: str) -> None:
        """Whom the agent calls has said where they are: from now on the two hear each other. The agent's end stays as it is."""
        self.offer(place, theirs)
        self.answer(place, agents)

    def ring(self, place: str, file: Path) -> None:
        """The agent hears that it rings."""
        self._ask("play media", place, from_tag=AGENT, file=str(file), repeat_times=FOR_EVER)

    def stop_ringing(self, place: str) -> None:
        """The agent hears that no more."""
        self._ask("stop media", place, from_tag=AGENT)

    def hold(self, place: str, file: Path) -> None:
        """The caller hears a recording, the agent silence."""
        self._ask("silence media", place, from_tag=CALLER)
        self._ask("block media", place, from_tag=AGENT)
        self.play(place, file, again=True)

    def resume(self, place: str) -> None:
        """The two hear each other again."""
        self._ask("stop media", place, from_tag=CALLER)
        self._ask("unblock media", place, from_tag=AGENT)
        self._ask("unsilence media", place, from_tag=CALLER)

    def heard(self, place: str) -> Heard:
        """What has been heard there so far."""
        return heard_in(self._ask("query", place), caller=CALLER, agent=AGENT)

    def close(self, place: str) -> None:
        """Nobody is there any more; closing what is gone does nothing."""
        try:
            self._ask("delete", place, delete_delay=0)
        except UnknownPlace:
            return

    def _ask(self, command: str, place: str, **more: Any) -> dict[str, Any]:
        return self._control.ask(command, call_id=place, **more)
