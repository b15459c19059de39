"""A small floor whose router turns when it is told, and a clock that moves when it is told."""

from dataclasses import dataclass
from datetime import datetime

from homeshore.brands.models import Queue
from homeshore.contacts import services
from homeshore.contacts.models import Assignment, Contact, Floor, Offer
from homeshore.contacts.router.router import FloorRouter
from homeshore.contacts.services import CustomerFacts, Received
from homeshore.people.models import Agent
from tests.clock import ManualClock


@dataclass
class RoutedFloor:
    """What a test holds: the floor, its router, and the time."""

    floor: Floor
    clock: ManualClock
    router: FloorRouter

    @classmethod
    def start(cls, floor: Floor, clock: ManualClock, owner: str = "a:1:test") -> "RoutedFloor":
        router = FloorRouter.take_over(floor.pk, owner=owner, clock=clock)
        assert router is not None
        router.turn()
        return cls(floor, clock, router)

    @property
    def now(self) -> datetime:
        return self.clock.now()

    def after(self, seconds: float) -> None:
        """Let time pass, and the router with it."""
        self.clock.advance(seconds=seconds)
        self.router.turn()

    def ready(self, *agents: Agent) -> None:
        """These agents say they are ready."""
        for agent in agents:
            services.set_presence(agent_id=agent.pk, state="ready", now=self.now)
        self.router.turn()

    def write_in(self, queue: Queue, thread: str = "visitor-1", text: str = "Bonjour", id: str = "m1") -> Received:
        """A customer writes, and the router hears of it."""
        received = services.receive_message(
            queue_id=queue.pk,
            thread_key=thread,
            customer=CustomerFacts(name="Claire Vasseur"),
            body=text,
            client_id=id,
            now=self.now,
        )
        self.router.turn()
        return received

    def offer_of(self, contact: Contact) -> Offer:
        """The open offer of a contact."""
        return Offer.objects.get(contact=contact, state=Offer.State.OPEN)

    def accept(self, contact: Contact) -> Assignment:
        """Whoever is offered the contact accepts it."""
        offer = self.offer_of(contact)
        assignment = services.accept_offer(agent_id=offer.agent_id, offer_id=offer.pk, now=self.now)
        self.router.turn()
        return assignment
