"""All writes of calls. Drivers tell what happened to the sound, agents what they do with it; the rest follows the contact."""

from homeshore.channels.voice.services.calls import Thread, end_call, place_call
from homeshore.channels.voice.services.follow import follow, follow_all
from homeshore.channels.voice.services.legs import drop_leg, hold, phone_rang, sound_heard
from homeshore.channels.voice.services.line_checks import record_line_check, set_line_bar
from homeshore.channels.voice.services.quality import end_rests, record_quality

__all__ = [
    "Thread",
    "drop_leg",
    "end_call",
    "end_rests",
    "follow",
    "follow_all",
    "hold",
    "phone_rang",
    "place_call",
    "record_line_check",
    "record_quality",
    "set_line_bar",
    "sound_heard",
]
