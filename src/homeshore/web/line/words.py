"""What a line check found, in sentences: what is well, and what to do about the rest."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from homeshore.channels.voice.models import LineCheck
from homeshore.channels.voice.quality.line_check import Bar, Finding, findings, meets
from homeshore.channels.voice.services.line_checks import figures_of
from homeshore.web.templatetags.figures import figure

SENTENCES: Mapping[str, str | Promise] = {
    "broken": _(
        "The connection to our relay broke off during the check. Try again; if it happens twice, restart your box and use a cable."
    ),
    "unreachable": _(
        "Our relay could not be reached from your line, so the sound was not measured. Try again; a firewall or a company's network may block it."
    ),
    "not_measured": _(
        "The sound was not measured: no relay is set up here, so there is nothing to measure it through."
    ),
    "sound_good": _("Calls would sound well: %(mos)s out of 5, %(bar)s is asked."),
    "sound_weak": _("Calls would sound badly: %(mos)s out of 5, %(bar)s is asked."),
    "loss": _(
        "%(loss)s %% of the sound gets lost on the way. Use a cable instead of Wi-Fi, and stop downloads and films in the house."
    ),
    "jitter": _("The sound arrives unevenly (%(jitter_ms)s ms). Somebody else may be using the line; a cable helps."),
    "delay": _(
        "The sound takes %(delay_ms)s ms to arrive: people will talk over each other. A mobile or satellite line may be the cause."
    ),
    "down_enough": _("Enough comes down: %(kbps)s kbit/s."),
    "up_enough": _("Enough goes up: %(kbps)s kbit/s."),
    "down_slow": _(
        "Too little comes down: %(kbps)s kbit/s, %(bar)s is asked. Stop what else is downloading, or ask your provider."
    ),
    "up_slow": _(
        "Too little goes up: %(kbps)s kbit/s, %(bar)s is asked. Stop backups and photo uploads, or ask your provider."
    ),
    "silent": _("The microphone gives no sound. Check that it is plugged in, chosen and not muted on its cable."),
    "voice_low": _(
        "Your voice is faint (%(voice_db)s dB). Bring the microphone two fingers from your mouth, or raise its level."
    ),
    "voice_loud": _("Your voice is so loud that it distorts (%(voice_db)s dB). Lower the level of the microphone."),
    "voice_good": _("Your voice is loud enough (%(voice_db)s dB)."),
    "noisy": _(
        "The room is loud beside your voice (%(noise_db)s dB against %(voice_db)s dB). Close the door and window, and keep away from fans."
    ),
    "echo": _("Your microphone hears your loudspeakers: customers would hear themselves. Wear a headset."),
    "no_headset": _("You wear no headset. With one, customers hear you better and the house less."),
    "headset": _("You wear a headset."),
    "by_wifi": _("You are on Wi-Fi, which cuts out now and then. A cable to the box is surer."),
    "by_mobile": _("You are on a mobile line, which cuts out now and then. A cable to a fixed line is surer."),
    "by_wire": _("Your computer is on a cable."),
    "narrow_screen": _(
        "Your screen is narrow (%(width)s pixels): the desk is easier on 14 inches or more, or on two screens."
    ),
}
DIGITS = {"mos": 1, "bar": 1, "loss": 1}


def shown(check: LineCheck, bars: Mapping[int, Bar], queue_names: Mapping[int, str]) -> dict[str, Any]:
    """A check in words: what was found against the strictest of the bars, and which queues' calls it allows."""
    figures = figures_of(check)
    strictest = Bar(
        mos=max((bar.mos for bar in bars.values()), default=Bar().mos),
        kbps=max((bar.kbps for bar in bars.values()), default=Bar().kbps),
        headset=any(bar.headset for bar in bars.values()) if bars else Bar().headset,
        wire=any(bar.wire for bar in bars.values()),
    )
    return {
        "at": check.at.isoformat(),
        "kind": check.kind,
        "mos": check.mos,
        "lowest_mos": check.lowest_mos,
        "seconds": check.seconds,
        "browser": check.browser,
        "latency_ms": figures.latency_ms,
        "findings": [{"weight": each.weight.value, "text": sentence(each)} for each in findings(figures, strictest)],
        "queues": [{"name": queue_names[queue], "meets": meets(figures, bar)} for queue, bar in bars.items()],
    }


def sentence(finding: Finding) -> str:
    """A finding as one says it to the person whose line it is."""
    told = {name: _figure(name, finding.why, value) for name, value in finding.told.items() if value is not None}
    text = str(SENTENCES[finding.why])
    return text % told if told else text


def _figure(name: str, why: str, value: float) -> str:
    if name == "loss":
        value *= 100
    digits = 0 if why.endswith(("slow", "enough")) else DIGITS.get(name, 0)
    return figure(value, digits)
