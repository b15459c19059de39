"""Which floor routes a queue, an agent."""

from django.db import connection

from homeshore.brands import queries as brands
from homeshore.contacts.models import Floor, QueueOnFloor
from homeshore.missions import queries as missions
from homeshore.people import queries as people


def floor_of_queue(queue_id: int) -> int:
    """The id of the floor that routes the queue; the operator's first floor when none was chosen."""
    chosen = QueueOnFloor.objects.filter(queue_id=queue_id).values_list("floor_id", flat=True).first()
    if chosen is None:
        chosen = default_floor(brands.queue_rules(queue_id).operator_id)
        QueueOnFloor.objects.get_or_create(queue_id=queue_id, defaults={"floor_id": chosen})
    return chosen


def hold_floor_of_queue(queue_id: int) -> int:
    """The same, in the open transaction: until it ends the queue moves to no other floor."""
    floor_id = floor_of_queue(queue_id)
    if connection.vendor != "postgresql":  # SQLite has one writer at a time
        return floor_id
    with connection.cursor() as cursor:
        cursor.execute("SELECT floor_id FROM contacts_queueonfloor WHERE queue_id = %s FOR SHARE", [queue_id])
        return int(cursor.fetchone()[0])


def queues_on(floor_id: int) -> set[int]:
    """The ids of the queues that a floor routes, those of the operator that nobody has put anywhere yet included."""
    operator_id = Floor.objects.values_list("operator_id", flat=True).get(pk=floor_id)
    return {queue_id for queue_id, each in floors_of_queues(operator_id).items() if each == floor_id}


def floors_of_queues(operator_id: int) -> dict[int, int]:
    """The floor of each queue of an operator."""
    placed = dict(QueueOnFloor.objects.filter(floor__operator_id=operator_id).values_list("queue", "floor"))
    all_queues = brands.queues_of_operator(operator_id)
    return {each.id: placed.get(each.id) or floor_of_queue(each.id) for each in all_queues}


def floor_of_agent(agent_id: int) -> int:
    """The id of the floor on which the agent works: that of the queues of their missions.

    An agent works on one floor. Where their queues are on several it is that of the first queue, and the screen of the
    floors says so.
    """
    queues = missions.queues_of_agent(agent_id)
    if queues:
        return floor_of_queue(min(queues))
    return default_floor(people.agent(agent_id).operator_id)


def default_floor(operator_id: int) -> int:
    """The operator's first floor, made when there is none yet."""
    first = Floor.objects.filter(operator_id=operator_id).order_by("id").values_list("id", flat=True).first()
    if first is None:
        first = Floor.objects.create(operator_id=operator_id, name="1").pk
    return first
