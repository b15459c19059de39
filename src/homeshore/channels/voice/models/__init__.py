from homeshore.channels.voice.models.browsers import Browser, Signal
from homeshore.channels.voice.models.calls import Call, Leg, Side

__all__ = ["Browser", "Call", "Leg", "Side", "Signal"]
