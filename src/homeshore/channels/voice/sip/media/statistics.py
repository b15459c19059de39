"""Pure: what rtpengine's answer to `query` says of who has been heard, and how."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Heard:
    """Packets that have come from each end; and how the caller hears, as their own telephone reports it by RTCP, if it does:
    the share lost (0 to 1), jitter and round trip in milliseconds.
    """

    from_caller: int
    from_agent: int
    loss: float | None = None
    jitter_ms: float = 0.0
    round_trip_ms: float = 0.0


def heard_in(answer: Mapping[str, Any], *, caller: str, agent: str) -> Heard:
    """Read an answer in which the ends have these tags.

    rtpengine files a report under the SSRC of who reports, so what the caller hears is under the caller's own. Percent,
    milliseconds and microseconds, by experiment with rtpengine 10.5.
    """
    latest = _latest_report(answer, caller)
    packets = (_packets(answer, caller), _packets(answer, agent))
    if latest is None:
        return Heard(*packets)
    return Heard(
        *packets,
        loss=latest["packet loss"] / 100,
        jitter_ms=float(latest["jitter"]),
        round_trip_ms=latest["round-trip time"] / 1000,
    )


def _streams(answer: Mapping[str, Any], end: str) -> list[Mapping[str, Any]]:
    medias = answer.get("tags", {}).get(end, {}).get("medias", [])
    return [stream for media in medias for stream in media["streams"]]


def _packets(answer: Mapping[str, Any], end: str) -> int:
    return sum(int(stream["stats"]["packets"]) for stream in _streams(answer, end) if "RTP" in stream["flags"])


def _latest_report(answer: Mapping[str, Any], end: str) -> Mapping[str, Any] | None:
    sources = {str(stream.get("SSRC")) for stream in _streams(answer, end)}
    for source, known in answer.get("SSRC", {}).items():
        entries = known.get("MOS progression", {}).get("entries", [])
        if source in sources and entries:
            latest: Mapping[str, Any] = entries[-1]
            return latest
    return None
