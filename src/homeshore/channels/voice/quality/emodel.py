"""The E-model: from loss, jitter and delay of a line to what people would say of it.

ITU-T Recommendation G.107 (06/2015), with its default values for everything that a network cannot measure: then
Ro − Is is 93.2 and R = 93.2 − Idd − Ie,eff (clause 7.1; the echo terms of Id vanish since browsers cancel echo).

The codec's own figures are those of G.711 with loss concealment, Ie = 0 and Bpl = 25.1 (ITU-T G.113, Appendix I):
the ITU has none for Opus in this model. Opus conceals loss at least as well, so that the estimate is rather too low.
"""

from dataclasses import dataclass
from math import log2

BEST = 93.2
"""R with all default values and a perfect network."""
EQUIPMENT, LOSS_ROBUSTNESS = 0.0, 25.1
CODEC_MS = 25.0
"""One frame of Opus of 20 ms, and its 5 ms of look-ahead."""
JITTER_BUFFERS = 2.0
"""A buffer that adapts holds about twice the jitter; used where the end does not tell its buffer's real length."""


@dataclass(frozen=True, slots=True)
class Measure:
    """What one end measured of what it received: the share lost (0 to 1), and milliseconds; `buffer_ms` when it is known."""

    loss: float
    jitter_ms: float
    round_trip_ms: float
    buffer_ms: float | None = None

    @property
    def delay_ms(self) -> float:
        """From mouth to ear: half the round trip, the receiver's buffer, and the codec."""
        buffer = self.buffer_ms if self.buffer_ms is not None else JITTER_BUFFERS * self.jitter_ms
        return self.round_trip_ms / 2 + buffer + CODEC_MS


def delay_impairment(delay_ms: float) -> float:
    """Idd of G.107 (equations 7-27 and 7-28): nothing up to 100 ms from mouth to ear."""
    if delay_ms <= 100:
        return 0.0
    x = log2(delay_ms / 100)
    return float(25 * ((1 + x**6) ** (1 / 6) - 3 * (1 + (x / 3) ** 6) ** (1 / 6) + 2))


def loss_impairment(loss: float, *, burst_ratio: float = 1.0) -> float:
    """Ie,eff of G.107 (equation 7-29) for a share of packets lost; `burst_ratio` is 1 for losses independent of one another."""
    percent = 100 * loss
    return EQUIPMENT + (95 - EQUIPMENT) * percent / (percent / burst_ratio + LOSS_ROBUSTNESS)


def rating(measure: Measure) -> float:
    """R, from 0 (nothing is understood) to 93.2."""
    return max(0.0, BEST - delay_impairment(measure.delay_ms) - loss_impairment(measure.loss))


def mos_of(r: float) -> float:
    """The mean opinion score of a rating, from 1 to 4.5 (G.107, Annex B, equation B-4)."""
    if r <= 0:
        return 1.0
    if r >= 100:
        return 4.5
    return max(1.0, 1 + 0.035 * r + r * (r - 60) * (100 - r) * 7e-6)


def mos(measure: Measure) -> float:
    """What people would say of this line: 4.4 is as good as the telephone gets, below 3.6 many are dissatisfied (G.109)."""
    return mos_of(rating(measure))
