"""What a channel must tell contacts before it can carry messages: contacts knows no channel by name."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ChannelTraits:
    """How a channel behaves.

    `outbox_kind` names the outbox messages by which an answer leaves, its payload `{"message": id}`; None when the feed
    itself carries the answer to the customer (events on `thread:CONVERSATION`). `live` channels have a customer at the
    other end now: their agent cannot go offline in the middle.
    """

    channel: str
    outbox_kind: str | None
    live: bool


_traits: dict[str, ChannelTraits] = {}


def register(traits: ChannelTraits) -> None:
    """Make a channel known; called by the channel's app when it is ready."""
    _traits[traits.channel] = traits


def traits_of(channel: str) -> ChannelTraits:
    """The traits of a channel; KeyError when nothing carries it here."""
    return _traits[channel]


def live_channels() -> list[str]:
    """The channels whose customer is there at the same time as the agent."""
    return [traits.channel for traits in _traits.values() if traits.live]
