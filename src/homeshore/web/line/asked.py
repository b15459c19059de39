"""What the page of the line check sends, read and kept within reason."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from homeshore.channels.voice.quality.emodel import Measure
from homeshore.channels.voice.quality.line_check import Connection, Figures, Headset, Sound
from homeshore.foundation.errors import Invalid

MOST_SECONDS = 120
MOST = 10_000_000.0


def figures_asked(asked: Mapping[str, Any]) -> Figures:
    """The figures of a check. Raises Invalid for what no browser measures."""
    media = asked.get("media", [])
    if not isinstance(media, list) or len(media) > MOST_SECONDS or not all(isinstance(each, dict) for each in media):
        raise Invalid(fields={"media": NUMBER})
    sound = asked.get("sound")
    return Figures(
        media=tuple(_measure(each) for each in media),
        broken=asked.get("broken") is True,
        latency_ms=_number(asked, "latency_ms"),
        down_kbps=_number(asked, "down_kbps"),
        up_kbps=_number(asked, "up_kbps"),
        sound=_sound(sound) if isinstance(sound, dict) else None,
        headset=_one_of(Headset, asked, "headset"),
        connection=_one_of(Connection, asked, "connection"),
        screen_width=int(width) if (width := _number(asked, "screen_width")) is not None else None,
    )


NUMBER = _("A number is needed here.")


def _measure(asked: Mapping[str, Any]) -> Measure:
    return Measure(
        loss=min(1.0, _number(asked, "loss") or 0.0),
        jitter_ms=_number(asked, "jitter_ms") or 0.0,
        round_trip_ms=_number(asked, "round_trip_ms") or 0.0,
        buffer_ms=_number(asked, "buffer_ms"),
    )


def _sound(asked: Mapping[str, Any]) -> Sound:
    return Sound(
        voice_db=_number(asked, "voice_db", least=-200) or 0.0,
        noise_db=_number(asked, "noise_db", least=-200),
        echo_db=_number(asked, "echo_db", least=-200),
    )


def _number(asked: Mapping[str, Any], name: str, *, least: float = 0) -> float | None:
    value = asked.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= MOST:
        raise Invalid(fields={name: NUMBER})
    return float(value)


def _one_of(kind: Any, asked: Mapping[str, Any], name: str) -> Any:
    value = asked.get(name)
    if value in (None, ""):
        return None
    if value not in list(kind):
        raise Invalid(fields={name: ", ".join(kind)})
    return kind(value)
