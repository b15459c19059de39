"""Pure: the course of a call, from what its contact has become to what the call must do next."""

from homeshore.channels.voice.course.moves import (
    CloseContact,
    Connect,
    HangUp,
    LegSeen,
    Move,
    PassOn,
    Release,
    Ring,
    Settle,
    Standing,
    StopRinging,
    next_move,
)

__all__ = [
    "CloseContact",
    "Connect",
    "HangUp",
    "LegSeen",
    "Move",
    "PassOn",
    "Release",
    "Ring",
    "Settle",
    "Standing",
    "StopRinging",
    "next_move",
]
