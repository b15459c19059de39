"""Studies asked for on a screen: played in a child process, followed by a thread that alone writes how far it is."""

import threading
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connections
from django.utils.translation import gettext_lazy as _

from homeshore.contacts.models import Study
from homeshore.contacts.whatif.child import StudyFailed, ask
from homeshore.contacts.whatif.history import day_of_floor
from homeshore.contacts.whatif.periods import bounds, floor_and_zone
from homeshore.foundation import clock
from homeshore.foundation.errors import NotFound, Refused, TooMany
from homeshore.foundation.models import User
from homeshore.routing.simulator.document import Question, write_question
from homeshore.routing.simulator.study import Day, Variant, as_recorded

REPLICATIONS = 20
LOST_AFTER = timedelta(seconds=60)
AT_ONCE = 2
"""Studies under way for one operator: each takes a processor."""
_WRITE_EVERY = 0.05


class NothingToPlay(Refused):
    """No contact came on the day."""

    code = "nothing_to_play"
    message = _("Nothing came to this floor on that day: there is nothing to try the rules with.")


def day_to_play(*, operator_id: int, floor_id: int, day: date, now: datetime) -> Day:
    """A local day of one of the operator's floors. Raises NotFound, NothingToPlay."""
    floor = floor_and_zone(floor_id)
    if floor is None or floor.operator_id != operator_id:
        raise NotFound
    start, end = bounds(day, floor.zone, now=now)
    played = day_of_floor(floor_id, start=start, end=end)
    if not played.contacts:
        raise NothingToPlay
    return played


def ask_for_study(
    *, operator_id: int, floor_id: int, day: date, played: Day, variants: Sequence[Variant], by: User, now: datetime
) -> Study:
    """Begin to play a day in variants. Raises TooMany while the operator has enough of them under way."""
    under_way = Study.objects.filter(operator_id=operator_id, outcomes__isnull=True, error="")
    if under_way.filter(beat_at__gt=now - LOST_AFTER).count() >= AT_ONCE:
        raise TooMany
    study = Study.objects.create(
        operator_id=operator_id,
        floor_id=floor_id,
        asked_by=by,
        asked_at=now,
        day=day,
        contacts=len(played.contacts),
        guessed=sorted(played.guessed),
        recorded=as_recorded(played),
        beat_at=now,
    )
    question = write_question(Question(played, tuple(variants), REPLICATIONS))
    threading.Thread(target=_follow, args=(study.pk, question), name=f"study {study.pk}", daemon=True).start()
    return study


def study_of_operator(study_id: int, *, operator_id: int, now: datetime) -> Study:
    """One of the operator's studies; one whose player fell silent says so. Raises NotFound."""
    study = Study.objects.filter(pk=study_id, operator_id=operator_id).first()
    if study is None:
        raise NotFound
    if study.outcomes is None and not study.error and study.beat_at < now - LOST_AFTER:
        study.error = "lost"
    return study


def play(study_id: int, question: dict[str, Any]) -> None:
    """Play a study to its end and keep what came of it, or what was wrong."""
    kept = Study.objects.filter(pk=study_id)
    written = 0.0
    try:
        for told in ask(question):
            if isinstance(told, list):
                kept.update(outcomes=told, progress=1.0, beat_at=clock.now())
            elif told >= written + _WRITE_EVERY:
                written = told
                kept.update(progress=told, beat_at=clock.now())
    except StudyFailed as failure:
        kept.update(error=str(failure)[:300], beat_at=clock.now())


def _follow(study_id: int, question: dict[str, Any]) -> None:
    try:
        play(study_id, question)
    finally:
        connections.close_all()
