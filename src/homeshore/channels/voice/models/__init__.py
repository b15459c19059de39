from homeshore.channels.voice.models.browsers import Browser, Signal
from homeshore.channels.voice.models.calls import Call, Leg, Side
from homeshore.channels.voice.models.companions import Companion, CompanionSignal, ListeningRule
from homeshore.channels.voice.models.line_checks import LineBar, LineCheck
from homeshore.channels.voice.models.quality import Sample, WeakLine
from homeshore.channels.voice.models.recordings import Moment, Piece, Recording, RecordingRule, Take
from homeshore.channels.voice.models.telephone import (
    Caller,
    Choice,
    LeftInMenu,
    Notice,
    Number,
    Prompt,
    Told,
    TrunkAccount,
    TurnedAway,
)

__all__ = [
    "Browser",
    "Call",
    "Caller",
    "Choice",
    "Companion",
    "CompanionSignal",
    "LeftInMenu",
    "Leg",
    "LineBar",
    "LineCheck",
    "ListeningRule",
    "Moment",
    "Notice",
    "Number",
    "Piece",
    "Prompt",
    "Recording",
    "RecordingRule",
    "Sample",
    "Side",
    "Signal",
    "Take",
    "Told",
    "TrunkAccount",
    "TurnedAway",
    "WeakLine",
]
