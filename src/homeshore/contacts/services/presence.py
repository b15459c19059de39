"""Where an agent stands: what they chose, and the lease that their browser renews."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import QuerySet

from homeshore.contacts import events, facts
from homeshore.contacts.channels import live_channels
from homeshore.contacts.floors import floor_of_agent
from homeshore.contacts.models import Assignment, Presence, PresenceSpan
from homeshore.contacts.models.work import BreakReason, PresenceState
from homeshore.contacts.refusals import LiveContacts
from homeshore.contacts.services.locking import lock_work
from homeshore.contacts.services.transfers import wait_again
from homeshore.foundation.transactions import write
from homeshore.people import queries as people
from homeshore.routing.inputs import PresenceLapsed, PresenceRenewed, PresenceSet

LINE_LOST = "line_lost"
OFFLINE_AFTER = timedelta(minutes=30)
SWEEP_LIMIT = 500


def lease(now: datetime) -> datetime:
    """Until when a sign of life at `now` counts."""
    return now + timedelta(seconds=settings.PRESENCE_LEASE_SECONDS)


def set_presence(*, agent_id: int, state: str, reason: str = "", now: datetime) -> Presence:
    """The agent chooses ready, a break with its reason, or offline.

    Raises LiveContacts when they would leave customers alone, ValueError on a state or reason that does not exist.
    """
    state = PresenceState(state).value
    reason = BreakReason(reason or BreakReason.PAUSE).value if state == PresenceState.BREAK else ""
    with write():
        presence = _locked(agent_id, now=now)
        if (presence.state, presence.reason, presence.line_lost_at) == (state, reason, None):
            Presence.objects.filter(pk=presence.pk).update(lease_until=lease(now))
            return presence
        if state == PresenceState.OFFLINE:
            _refuse_to_leave_customers(agent_id)
            _hand_back_what_can_wait(agent_id, now=now)
        change_presence(presence, state=state, reason=reason, now=now)
        facts.tell(floor_of_agent(agent_id), PresenceSet(agent_id, state == PresenceState.READY, reason))
    return presence


def change_presence(presence: Presence, *, state: str, reason: str, now: datetime) -> None:
    """Write a chosen state with its span and its event, in the open transaction."""
    presence.state, presence.reason, presence.since = state, reason, now
    presence.line_lost_at, presence.lease_until = None, lease(now)
    presence.save()
    _start_span(presence.agent_id, state=state, reason=reason, now=now)
    _announce(presence, now=now)


def renew_lease(*, agent_id: int, now: datetime) -> Presence:
    """A sign of life. After a lapse the line is back, and the chosen state with it."""
    renewed = Presence.objects.filter(agent_id=agent_id, line_lost_at__isnull=True).update(lease_until=lease(now))
    if renewed:
        return Presence.objects.get(agent_id=agent_id)
    with write():
        presence = _locked(agent_id, now=now)
        presence.lease_until = lease(now)
        came_back = presence.line_lost_at is not None
        presence.line_lost_at = None
        presence.save(update_fields=["lease_until", "line_lost_at"])
        if came_back:
            _start_span(agent_id, state=presence.state, reason=presence.reason, now=now)
            _announce(presence, now=now)
            facts.tell(floor_of_agent(agent_id), PresenceRenewed(agent_id))
    return presence


def lapse_presences(*, now: datetime, operator_ids: Collection[int] | None = None) -> int:
    """Say "line lost" of every agent whose lease ran out, and "offline" of those lost for half an hour; how many.

    Only the agents of these operators, where they are given.
    """
    gone = Presence.objects.exclude(state=PresenceState.OFFLINE)
    if operator_ids is not None:
        gone = gone.filter(agent__operator__in=operator_ids)
    lapsed = list(
        gone.filter(lease_until__lt=now, line_lost_at__isnull=True).values_list("agent_id", flat=True)[:SWEEP_LIMIT]
    )
    lost = list(
        gone.filter(line_lost_at__lt=now - OFFLINE_AFTER)
        .exclude(agent__in=_at_work())
        .values_list("agent_id", flat=True)[:SWEEP_LIMIT]
    )
    return sum(_lose_line(agent_id, now=now) for agent_id in lapsed) + sum(
        _leave_after_lapse(agent_id, now=now) for agent_id in lost
    )


def _lose_line(agent_id: int, *, now: datetime) -> bool:
    with write():
        changed = Presence.objects.filter(agent_id=agent_id, lease_until__lt=now, line_lost_at__isnull=True).update(
            line_lost_at=now
        )
        if changed:
            _start_span(agent_id, state=LINE_LOST, reason="", now=now)
            _announce(Presence.objects.get(agent_id=agent_id), now=now)
            facts.tell(floor_of_agent(agent_id), PresenceLapsed(agent_id))
    return bool(changed)


def _leave_after_lapse(agent_id: int, *, now: datetime) -> bool:
    """Offline after long enough without a line, once the router has taken back what the agent held."""
    with write():
        presence = _locked(agent_id, now=now)
        if presence.line_lost_at is None or presence.line_lost_at >= now - OFFLINE_AFTER:
            return False
        if _at_work().filter(agent_id=agent_id).exists():
            return False
        change_presence(presence, state=PresenceState.OFFLINE, reason="", now=now)
        facts.tell(floor_of_agent(agent_id), PresenceSet(agent_id, ready=False, reason=""))
    return True


def _at_work() -> QuerySet[Assignment, int]:
    """The agents who hold contacts."""
    return Assignment.objects.filter(state=Assignment.State.ACTIVE).values_list("agent_id", flat=True)


def _locked(agent_id: int, *, now: datetime) -> Presence:
    presence, _ = Presence.objects.get_or_create(agent_id=agent_id, defaults={"since": now, "lease_until": lease(now)})
    return Presence.objects.select_for_update().get(pk=presence.pk)


def _refuse_to_leave_customers(agent_id: int) -> None:
    live = Assignment.objects.filter(
        agent_id=agent_id, state=Assignment.State.ACTIVE, contact__channel__in=live_channels()
    ).count()
    if live:
        raise LiveContacts(count=live)


def _hand_back_what_can_wait(agent_id: int, *, now: datetime) -> None:
    """E-mails and the like go back to their queues at their old place: nothing waits for somebody who has left."""
    for contact_id in Assignment.objects.filter(agent_id=agent_id, state=Assignment.State.ACTIVE).values_list(
        "contact", flat=True
    ):
        assignment = lock_work(agent_id=agent_id, contact_id=contact_id)
        wait_again(assignment, queue_id=assignment.contact.queue_id, why="agent_left", preferred=None, now=now)


def _start_span(agent_id: int, *, state: str, reason: str, now: datetime) -> None:
    PresenceSpan.objects.filter(agent_id=agent_id, until__isnull=True).update(until=now)
    PresenceSpan.objects.create(agent_id=agent_id, state=state, reason=reason, since=now)


def _announce(presence: Presence, *, now: datetime) -> None:
    agent = people.agent(presence.agent_id)
    events.presence_changed(presence, operator_id=agent.operator_id, floor_id=floor_of_agent(presence.agent_id), at=now)
