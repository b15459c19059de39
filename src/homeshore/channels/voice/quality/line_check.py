"""A check of the line at home: what was measured, what the operator asks, and what could be better. Pure.

The bars of sound are those of ITU-T G.109 and G.107 (see `judgement` and `emodel`). What has no such source (throughput, echo, noise) is
our own experience, and each operator sets its own.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from math import isfinite
from typing import Any

from homeshore.channels.voice.quality.emodel import Measure, delay_impairment, loss_impairment, mos
from homeshore.channels.voice.quality.judgement import BAR


class Headset(StrEnum):
    """What the person wears."""

    WIRED = "wired"
    BLUETOOTH = "bluetooth"
    NONE = "none"


class Connection(StrEnum):
    """How the computer reaches the internet."""

    WIRED = "wired"
    WIFI = "wifi"
    MOBILE = "mobile"


@dataclass(frozen=True, slots=True)
class Sound:
    """What the microphone heard, in decibels of full scale: the voice, the room; and by how much a tone of the loudspeaker rose above the room."""

    voice_db: float
    noise_db: float | None = None
    echo_db: float | None = None


@dataclass(frozen=True, slots=True)
class Figures:
    """All that a check measured or was told; None where it was not.

    `media` are measures of successive seconds of sound that went through the relay and back; empty when there is no relay, or when it could
    not be reached: then `broken` is true, as it is when the sound stopped coming.
    Throughputs are in kbit/s over HTTP to the platform, `latency_ms` its median answer.
    """

    media: tuple[Measure, ...] = ()
    broken: bool = False
    latency_ms: float | None = None
    down_kbps: float | None = None
    up_kbps: float | None = None
    sound: Sound | None = None
    headset: Headset | None = None
    connection: Connection | None = None
    screen_width: int | None = None


@dataclass(frozen=True, slots=True)
class Bar:
    """What an operator asks of a line: the score of the sound, throughput each way, and what the home must have."""

    mos: float = BAR
    kbps: int = 500
    headset: bool = True
    wire: bool = False


class Weight(StrEnum):
    """How much a finding counts."""

    GOOD = "good"
    BETTER = "better"
    BELOW = "below"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a check found; `why` is a code that screens turn into words, `told` the figures in them."""

    why: str
    weight: Weight
    told: dict[str, Any] = field(default_factory=dict)


LOW_VOICE_DB, LOUD_VOICE_DB, SILENT_DB = -45.0, -6.0, -70.0
LEAST_ABOVE_NOISE_DB = 15.0
ECHO_DB = 12.0
NARROW_SCREEN = 1280
LOSS, DELAY_MS, JITTER_MS = 0.01, 250.0, 30.0
"""From here on it is said what weakens the sound, also above the bar."""


def whole(media: Sequence[Measure]) -> Measure | None:
    """All seconds as one measure: means, the delay of the buffer where it is known; None without any."""
    if not media:
        return None
    count = len(media)
    buffers = [each.buffer_ms for each in media if each.buffer_ms is not None]
    return Measure(
        loss=sum(each.loss for each in media) / count,
        jitter_ms=sum(each.jitter_ms for each in media) / count,
        round_trip_ms=sum(each.round_trip_ms for each in media) / count,
        buffer_ms=sum(buffers) / len(buffers) if buffers else None,
    )


def score(figures: Figures) -> float | None:
    """The mean opinion score of the sound that went through the relay; None when none went, which may be the relay's own fault."""
    measure = whole(figures.media)
    return mos(measure) if measure else None


def lowest(figures: Figures) -> float | None:
    """The score of the worst of the successive seconds."""
    return min((mos(each) for each in figures.media), default=None)


def findings(figures: Figures, bar: Bar) -> list[Finding]:
    """What a check found, what is below the bar first."""
    found = [*_line(figures, bar), *_data(figures, bar), *_room(figures), *_home(figures, bar)]
    order = [Weight.BELOW, Weight.BETTER, Weight.GOOD]
    return sorted(found, key=lambda each: order.index(each.weight))


def meets(figures: Figures, bar: Bar) -> bool | None:
    """Whether a check meets a bar; None when the sound could not be measured and nothing else fell below."""
    if any(each.weight == Weight.BELOW for each in findings(figures, bar)):
        return False
    return None if score(figures) is None else True


def _line(figures: Figures, bar: Bar) -> Iterable[Finding]:
    got, measure = score(figures), whole(figures.media)
    if got is None or measure is None:
        yield Finding("unreachable" if figures.broken else "not_measured", Weight.BETTER)
        return
    if figures.broken:
        yield Finding("broken", Weight.BELOW)
    told = {"mos": got, "bar": bar.mos}
    yield Finding("sound_good", Weight.GOOD, told) if got >= bar.mos else Finding("sound_weak", Weight.BELOW, told)
    by_loss, by_delay = loss_impairment(measure.loss), delay_impairment(measure.delay_ms)
    below = got < bar.mos
    if measure.loss >= LOSS:
        yield Finding("loss", Weight.BELOW if below and by_loss >= by_delay else Weight.BETTER, {"loss": measure.loss})
    if measure.jitter_ms >= JITTER_MS:
        yield Finding("jitter", Weight.BETTER, {"jitter_ms": measure.jitter_ms})
    if measure.delay_ms >= DELAY_MS:
        weight = Weight.BELOW if below and by_delay > by_loss else Weight.BETTER
        yield Finding("delay", weight, {"delay_ms": measure.delay_ms})


def _data(figures: Figures, bar: Bar) -> Iterable[Finding]:
    for why, kbps in (("down", figures.down_kbps), ("up", figures.up_kbps)):
        if kbps is not None:
            enough = kbps >= bar.kbps
            yield Finding(
                f"{why}_{'enough' if enough else 'slow'}",
                Weight.GOOD if enough else Weight.BELOW,
                {"kbps": kbps, "bar": bar.kbps},
            )


def _room(figures: Figures) -> Iterable[Finding]:
    sound = figures.sound
    if sound is None:
        return
    told = {"voice_db": sound.voice_db, "noise_db": sound.noise_db}
    if sound.voice_db <= SILENT_DB or not isfinite(sound.voice_db):
        yield Finding("silent", Weight.BELOW, told)
        return
    if sound.voice_db < LOW_VOICE_DB:
        yield Finding("voice_low", Weight.BETTER, told)
    elif sound.voice_db > LOUD_VOICE_DB:
        yield Finding("voice_loud", Weight.BETTER, told)
    else:
        yield Finding("voice_good", Weight.GOOD, told)
    if sound.noise_db is not None and sound.voice_db - sound.noise_db < LEAST_ABOVE_NOISE_DB:
        yield Finding("noisy", Weight.BETTER, told)
    if sound.echo_db is not None and sound.echo_db >= ECHO_DB:
        yield Finding("echo", Weight.BETTER, {"echo_db": sound.echo_db})


def _home(figures: Figures, bar: Bar) -> Iterable[Finding]:
    if figures.headset == Headset.NONE:
        yield Finding("no_headset", Weight.BELOW if bar.headset else Weight.BETTER)
    elif figures.headset:
        yield Finding("headset", Weight.GOOD)
    if figures.connection in (Connection.WIFI, Connection.MOBILE):
        yield Finding(f"by_{figures.connection}", Weight.BELOW if bar.wire else Weight.BETTER)
    elif figures.connection:
        yield Finding("by_wire", Weight.GOOD)
    if figures.screen_width is not None and figures.screen_width < NARROW_SCREEN:
        yield Finding("narrow_screen", Weight.BETTER, {"width": figures.screen_width})
