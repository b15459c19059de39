"""Pure: whether a brand's accent can be read, and the tones a widget makes of it by day and by night.

Contrast is that of WCAG 2.2 (success criterion 1.4.3): text needs 4.5 to 1 on its ground.
"""

import colorsys
import re
from dataclasses import dataclass

HOUSE_ACCENT = "#0a655b"
LEAST_CONTRAST = 4.5
DAY_GROUND, NIGHT_GROUND = "#ffffff", "#131c1f"
NIGHT_INK = "#0c1315"
NIGHT_CONTRAST = 8.0
NIGHT_SATURATION = 1.6
STEPS = 40

Colour = tuple[float, float, float]
"""Red, green and blue from 0 to 1, gamma encoded as in sRGB."""


@dataclass(frozen=True, slots=True)
class Tones:
    """What one theme needs of an accent: itself, what is written on it, a ground tinted with it, and a line."""

    accent: str
    on: str
    tint: str
    line: str


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours (`#rrggbb`), from 1 to 21, by WCAG 2.2. Raises ValueError on anything else."""
    lighter, darker = sorted((_luminance(parse(one)), _luminance(parse(other))), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def is_legible(accent: str) -> bool:
    """Whether an accent can be text on white, and white text can be on it. By night it is lightened until it can be read."""
    return contrast(accent, DAY_GROUND) >= LEAST_CONTRAST


def by_day(accent: str) -> Tones:
    """The accent's tones on white; those of the house when the accent cannot be read there."""
    chosen = accent if is_legible(accent) else HOUSE_ACCENT
    return Tones(chosen, DAY_GROUND, _mix(chosen, DAY_GROUND, 0.92), _mix(chosen, DAY_GROUND, 0.78))


def by_night(accent: str) -> Tones:
    """The accent's tones on the night's ground: lightened, in its own hue, until text in it is well above the least contrast."""
    chosen = accent if is_legible(accent) else HOUSE_ACCENT
    light = next(
        tone
        for step in range(STEPS + 1)
        if contrast(tone := _lightened(chosen, step / STEPS), NIGHT_GROUND) >= NIGHT_CONTRAST
    )
    return Tones(light, NIGHT_INK, _mix(light, NIGHT_GROUND, 0.87), _mix(light, NIGHT_GROUND, 0.7))


def parse(text: str) -> Colour:
    """Read `#rrggbb`. Raises ValueError on anything else."""
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", text):
        raise ValueError(f"{text!r} is not a colour written as #rrggbb")
    red, green, blue = (int(text[place : place + 2], 16) / 255 for place in (1, 3, 5))
    return red, green, blue


def _luminance(colour: Colour) -> float:
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _lightened(colour: str, share: float) -> str:
    """The colour nearer to white by `share`, its saturation raised, since what is light looks paler than it is."""
    hue, lightness, saturation = colorsys.rgb_to_hls(*parse(colour))
    parts = colorsys.hls_to_rgb(hue, lightness + (1 - lightness) * share, min(0.9, saturation * NIGHT_SATURATION))
    return "#" + "".join(f"{round(part * 255):02x}" for part in parts)


def _mix(colour: str, ground: str, share: float) -> str:
    """`share` of the ground in the colour."""
    parts = zip(parse(colour), parse(ground), strict=True)
    return "#" + "".join(f"{round((ours * (1 - share) + theirs * share) * 255):02x}" for ours, theirs in parts)
