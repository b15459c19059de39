from homeshore.channels.voice.models.browsers import Browser, Signal
from homeshore.channels.voice.models.calls import Call, Leg, Side
from homeshore.channels.voice.models.quality import Sample, WeakLine

__all__ = ["Browser", "Call", "Leg", "Sample", "Side", "Signal", "WeakLine"]
