"""A policy in sentences, as its screen says it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from homeshore.brands.policy import HOLD, Needs, QueuePolicy
from homeshore.missions.coverage import Coverage
from homeshore.routing.policy import LEAST_COST
from homeshore.web.templatetags.figures import duration

LIVE = frozenset({"voice", "chat"})


@dataclass(frozen=True, slots=True)
class Step:
    """From when on who may answer, and how many that are; `able` is None where nobody counted."""

    when: str
    who: str
    able: int | None = None


@dataclass(frozen=True, slots=True)
class Chapter:
    """Sentences about one thing."""

    title: str
    sentences: list[str]


def needs_in_words(needs: Needs, skills: Mapping[int, str]) -> str:
    """`Insurance 2 and Portuguese 4 or better`; whoever is engaged where nothing is asked."""
    if not needs:
        return _("everybody engaged on it")
    named = [
        f"{skills.get(skill, f'#{skill}')} {level}"
        for skill, level in sorted(needs.items(), key=lambda each: skills.get(each[0], ""))
    ]
    return _("%(levels)s or better") % {"levels": _(" and ").join(named)}


def circle_in_words(
    policy: QueuePolicy, *, skills: Mapping[int, str], queues: Mapping[int, str], able: Sequence[int] | None = None
) -> list[Step]:
    """Who may answer, step by step; `able` counts them at each moment at which the circle grows."""
    moments = circle_moments(policy)
    steps = []
    for place, moment in enumerate(moments):
        counted = able[place] if able is not None else None
        steps.append(Step(_when(moment, moments, place), _who(policy, moment, skills, queues), counted))
    return steps


def circle_moments(policy: QueuePolicy) -> list[int]:
    """The waits at which the circle of agents grows, in seconds, 0 first."""
    after = {ring.after_seconds for ring in policy.rings} | {step.after_seconds for step in policy.overflow}
    return [0, *sorted(after)]


def _when(moment: int, moments: Sequence[int], place: int) -> str:
    if moment == 0:
        if len(moments) == 1:
            return _("At once")
        return _("In the first %(time)s") % {"time": duration(moments[1])}
    return _("From %(time)s") % {"time": duration(moment)}


def _who(policy: QueuePolicy, moment: int, skills: Mapping[int, str], queues: Mapping[int, str]) -> str:
    ring = next((each for each in policy.rings if each.after_seconds == moment), None)
    said = []
    if moment == 0:
        said.append(needs_in_words(policy.needs, skills))
    elif ring is not None:
        said.append(needs_in_words(ring.needs, skills))
    helping = [queues.get(step.queue, f"#{step.queue}") for step in policy.overflow if step.after_seconds == moment]
    if helping:
        named = _(" and ").join(_("“%(queue)s”") % {"queue": name} for name in helping)
        said.append(_("also agents of %(queues)s") % {"queues": named})
    return _(", ").join(said)


def chapters(policy: QueuePolicy, *, channel: str, opening: str = "") -> list[Chapter]:
    """All but the circle of agents, in sentences."""
    return [
        Chapter(_("How soon"), _how_soon(policy)),
        Chapter(_("Whose customer"), _whose(policy)),
        Chapter(_("Beside other work"), _beside(policy, channel)),
        Chapter(_("Outside the brand’s hours"), [_outside(policy, channel), *([opening] if opening else [])]),
    ]


def _how_soon(policy: QueuePolicy) -> list[str]:
    said = [
        _("%(percent)s%% answered within %(time)s.")
        % {"percent": policy.target_percent, "time": duration(policy.target_seconds)},
        _("An offer rings %(offer)s; wrap-up lasts %(wrap_up)s at most.")
        % {"offer": duration(policy.offer_seconds), "wrap_up": duration(policy.wrap_up_seconds)},
    ]
    if policy.priority:
        said.append(_("Priority %(priority)s: due so many head starts earlier.") % {"priority": policy.priority})
    if policy.cost != 1:
        said.append(
            _("A contact’s waiting weighs %(cost)s times that of a queue of weight 1.") % {"cost": f"{policy.cost:g}"}
        )
    return said


def _whose(policy: QueuePolicy) -> list[str]:
    if not policy.last_agent_days:
        return [_("Customers go to whoever ranks first.")]
    days = ngettext("the last day", "the last %(days)s days", policy.last_agent_days) % {"days": policy.last_agent_days}
    if not policy.sticky_seconds:
        return [_("A customer goes to the agent they had in %(days)s, if that agent is free.") % {"days": days}]
    return [
        _("A customer goes to the agent they had in %(days)s, and waits for them up to %(time)s while they are busy.")
        % {"days": days, "time": duration(policy.sticky_seconds)}
    ]


def _beside(policy: QueuePolicy, channel: str) -> list[str]:
    said = []
    if policy.reserve:
        said.append(
            ngettext(
                "The last free agent is kept for it by the other queues.",
                "The last %(number)s free agents are kept for it by the other queues.",
                policy.reserve,
            )
            % {"number": policy.reserve}
        )
    if channel != "voice":
        said.append(
            _("A call may come in between; the work stays with its agent and goes on after it.")
            if policy.interruptible
            else _("No call is offered to whoever has this in hand.")
        )
    return said or [_("No agent is kept free for it.")]


def _outside(policy: QueuePolicy, channel: str) -> str:
    if channel in LIVE:
        return _("What is in line when the brand closes is still answered.")
    if policy.outside_hours == HOLD:
        return _("Kept until the brand opens; its time counts from then.")
    return _("Offered to whoever is ready; its time counts from its arrival.")


def lack_in_words(coverage: Coverage, skills: Mapping[int, str]) -> list[str]:
    """Why nobody can answer, one sentence a skill that too few have."""
    if not coverage.engaged:
        return [_("Nobody is engaged on a mission that serves this queue.")]
    said = []
    for lack in coverage.lacks:
        facts = {
            "skill": skills.get(lack.skill, f"#{lack.skill}"),
            "asked": lack.asked,
            "best": lack.best,
            "number": lack.having_best,
        }
        if not lack.best:
            said.append(_("Nobody engaged on it has %(skill)s.") % facts)
        else:
            said.append(
                ngettext(
                    "Nobody engaged on it has %(skill)s %(asked)s; one has level %(best)s.",
                    "Nobody engaged on it has %(skill)s %(asked)s; %(number)s have level %(best)s.",
                    lack.having_best,
                )
                % facts
            )
    return said or [_("Each of these skills is there, but nobody has all of them.")]


FIELD_NAMES = {
    "target_seconds": gettext_lazy("target"),
    "target_percent": gettext_lazy("share within the target"),
    "offer_seconds": gettext_lazy("ringing"),
    "wrap_up_seconds": gettext_lazy("wrap-up"),
    "priority": gettext_lazy("priority"),
    "cost": gettext_lazy("weight of waiting"),
    "needs": gettext_lazy("skills"),
    "rings": gettext_lazy("widening"),
    "overflow": gettext_lazy("help from other queues"),
    "reserve": gettext_lazy("reserved agents"),
    "last_agent_days": gettext_lazy("last agent"),
    "sticky_seconds": gettext_lazy("waiting for the last agent"),
    "interruptible": gettext_lazy("interruption by calls"),
    "outside_hours": gettext_lazy("outside hours"),
    "rule": gettext_lazy("rule"),
    "head_start_seconds": gettext_lazy("head start"),
    "rona_limit": gettext_lazy("rest after missed offers"),
    "reoffer_after_seconds": gettext_lazy("offering again"),
    "fairness_seconds": gettext_lazy("spreading of acts"),
    "keep_on_lapse": gettext_lazy("keeping on a lost line"),
}
"""What each field of a policy is called in the history."""


def changed_fields(before: Mapping[str, Any] | None, after: Mapping[str, Any]) -> str:
    """What a version changed, by the names of the fields."""
    if before is None:
        return _("the first rules")
    names = [str(FIELD_NAMES[name]) for name in after if name in FIELD_NAMES and before.get(name) != after[name]]
    return ", ".join(names) or _("nothing")


def floor_in_words(rules: Mapping[str, Any]) -> list[str]:
    """What holds on the whole floor."""
    said = [
        _("Least cost: a free agent turns to where they are worth most, and may be kept free for a costlier queue.")
        if rules["rule"] == LEAST_COST
        else _("Longest idle: the contact due first goes to the agent idle longest.")
    ]
    said.append(_("Each level of priority is due %(time)s earlier.") % {"time": duration(rules["head_start_seconds"])})
    said.append(
        ngettext(
            "An agent who lets one offer ring out is given a rest.",
            "An agent who lets %(number)s offers in a row ring out is given a rest.",
            rules["rona_limit"],
        )
        % {"number": rules["rona_limit"]}
    )
    said.append(
        _("A contact comes back to an agent who let it go after %(time)s, or sooner when nobody else is there.")
        % {"time": duration(rules["reoffer_after_seconds"])}
    )
    said.append(
        _("Acts are spread: each act an hour done today counts as %(time)s less idle among agents who rank alike.")
        % {"time": duration(rules["fairness_seconds"])}
        if rules["fairness_seconds"]
        else _("Acts done today do not count in who is offered the next.")
    )
    kept = rules["keep_on_lapse"]
    said.append(
        _("When a line is lost a chat stays with its agent %(chat)s, an e-mail %(email)s.")
        % {"chat": duration(kept["chat"]), "email": duration(kept["email"])}
    )
    return said


def opening_in_words(opening: Any, zone: Any) -> str:
    """How it stands with the brand's hours now."""
    if opening.is_open:
        return ""
    at: datetime | None = opening.opens_at
    if at is None:
        return _("The brand is closed now.")
    return _("The brand is closed now, and opens %(at)s.") % {"at": f"{at.astimezone(zone):%d/%m %H:%M}"}
