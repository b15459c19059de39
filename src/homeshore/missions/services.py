"""What is written about missions."""

from collections.abc import Collection, Mapping
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from homeshore.foundation import audit, members
from homeshore.foundation.errors import Invalid, NotFound
from homeshore.foundation.models import Membership, Role, User
from homeshore.foundation.transactions import write
from homeshore.missions.models import Engagement, Mission
from homeshore.people import services as people
from homeshore.people.events import announce_agent


def serve_queue(
    *, operator_id: int, brand_id: int, queue_id: int, mission_ids: Collection[int], by: User, now: datetime
) -> None:
    """These missions of the brand serve the queue, and no others: their agents may be offered its contacts.

    The router hears of each agent whose queues are others now. Raises Invalid for a mission that is not the brand's.
    """
    with write():
        ours = Mission.objects.filter(operator_id=operator_id, brand_id=brand_id)
        if not ours.exists():
            raise NotFound
        known = {mission.pk: mission for mission in ours.order_by("id")}
        if not set(mission_ids) <= set(known):
            raise Invalid
        before = set(ours.filter(queues=queue_id).values_list("id", flat=True))
        changed = before ^ set(mission_ids)
        for mission_id in sorted(changed):
            queues = known[mission_id].queues
            (queues.remove if mission_id in before else queues.add)(queue_id)
        if changed:
            told = {"queue": queue_id, "missions": sorted(mission_ids)}
            audit.record(operator_id=operator_id, actor=by, verb="missions.serve_queue", target="", data=told, at=now)
        engaged = Engagement.objects.filter(mission_id__in=changed, until__isnull=True)
        for agent_id in sorted(set(engaged.values_list("agent_id", flat=True))):
            announce_agent(agent_id)


def invite_agent(
    *,
    operator_id: int,
    email: str,
    first_name: str,
    name: str,
    status: str,
    skills: Mapping[int, int],
    mission_ids: Collection[int],
    by: User,
    now: datetime,
) -> Membership:
    """Let an agent in: the mail with which they choose a password, their file, and the missions they are engaged on.

    Nothing is offered to them before they have signed in and said that they are ready. Raises Invalid, with the fields
    that are wrong; then nothing is done.
    """
    with write():
        ours = set(Mission.objects.filter(operator_id=operator_id).values_list("id", flat=True))
        if not set(mission_ids) <= ours:
            raise Invalid(fields={"missions": _("One of these missions is not known here any more.")})
        member = members.let_in(operator_id=operator_id, email=email, name=name, role=Role.AGENT, by=by, now=now)
        agent = people.register_agent(
            operator_id=operator_id,
            user_id=member.user_id,
            first_name=first_name,
            name=name,
            status=status,
            skills=skills,
        )
        for mission_id in sorted(mission_ids):
            Engagement.objects.get_or_create(
                mission_id=mission_id, agent=agent, until=None, defaults={"status": status, "since": now}
            )
        announce_agent(agent.pk)
    return member
