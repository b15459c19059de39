"""The embedded driver's side of the interface: browsers follow `call.changed` by themselves, so there is little to command.

The customer's page plays the music that the state of the call asks for, and prepares its offer as soon as an agent's phone
rings, so that the two find each other at once when it is taken.
"""

import secrets
from datetime import datetime

from homeshore.channels.voice.drivers import Announcement, CallFacts, LegFacts
from homeshore.channels.voice.embedded.passed_on import is_passed_on
from homeshore.channels.voice.models import Browser, Caller, Side, Signal

NAME = "embedded"


class EmbeddedDriver:
    """Browser to browser."""

    name = NAME

    @property
    def tells_of_recording(self) -> bool:
        """The customer's page says so before and during the call."""
        return True

    @property
    def places_calls(self) -> bool:
        """A page cannot be called that nobody has opened."""
        return False

    def dial(self, call: CallFacts, number: str, *, shown: int, now: datetime) -> None:
        """Asked of nobody: `places_calls` says no."""
        raise NotImplementedError

    def dial_beside(self, companion_id: int, number: str, *, shown: int, beside: CallFacts, now: datetime) -> None:
        """Asked of nobody: `places_calls` says no."""
        raise NotImplementedError

    def pass_on(self, call: CallFacts, companion_id: int, *, now: datetime) -> None:
        """The telephone that called them leads the customer's page to them: it carries that end too from now on."""
        other = Caller.objects.select_for_update().get(companion=companion_id)
        page = Caller.objects.create(
            call_id=call.id,
            home=other.home,
            tag=secrets.token_hex(10),
            number_id=other.number_id,
            stage=Caller.Stage.PASSED_ON,
            opposite=other,
        )
        Caller.objects.filter(pk=other.pk).update(stage=Caller.Stage.PASSED_ON, opposite=page)

    def announce(self, call: CallFacts, what: Announcement, *, now: datetime) -> None:
        """The customer's page knows by the state of the call what to play."""

    def offer(self, call: CallFacts, leg: LegFacts, *, now: datetime) -> None:
        """A new round begins: what was said in earlier ones is of no use."""
        Signal.objects.filter(call_id=call.id).delete()

    def connect(self, call: CallFacts, leg: LegFacts, *, now: datetime) -> None:
        """The agent's page answers what the customer's has prepared."""

    def cancel(self, call: CallFacts, leg: LegFacts, *, now: datetime) -> None:
        """The agent's page lets go."""
        Signal.objects.filter(call_id=call.id).delete()
        Browser.objects.filter(call_id=call.id, side=Side.AGENT).delete()

    def hold(self, call: CallFacts, leg: LegFacts, on: bool, *, now: datetime) -> None:
        """Both pages fall silent by themselves, or speak again."""

    def reject(self, call: CallFacts, why: str, *, now: datetime) -> None:
        """The customer's page is told by the answer to its request."""

    def hang_up(self, call: CallFacts, leg: LegFacts | None, why: str, *, now: datetime) -> None:
        """Both pages let go, but that of a customer who was passed on. The agent's gives signs of life until the contact is closed."""
        Signal.objects.filter(call_id=call.id).delete()
        if call.driver != NAME or not is_passed_on(call.id):
            Browser.objects.filter(call_id=call.id, side=Side.CUSTOMER).delete()
