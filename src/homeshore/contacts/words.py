"""The core's reasons in words, for the person who asked: an agent is spoken to, a supervisor is told of somebody.

Reasons come as `queries.why` tells them: a code and named facts. Each code has its sentence for each who may ask.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext, ngettext_lazy
from django.utils.translation import gettext_lazy as _

Sentences = Mapping[str, str | Promise]

OF_THE_CONTACT: Sentences = {
    "unknown_contact": _("The router does not have this contact: it has just come, or has just ended."),
    "queue_removed": _("Its queue is no longer routed on this floor. Move it to another queue."),
    "queue_closed": _("Its queue is closed; it opens again at %(time)s."),
    "scheduled": _("It is to be called back at %(time)s."),
    "waiting_for_fact": _("Something about it has just changed; it is looked at again in a moment."),
    "nobody_eligible": _("No agent engaged on this queue has all the skills that it asks."),
    "nobody_eligible_skill": _("Nobody is there with %(skill)s at level %(asked)d: the best has level %(level)d."),
    "nobody_with_skill": _("Nobody has %(skill)s at level %(asked)d: no agent of this queue speaks or knows it."),
    "nobody_there": ngettext_lazy(
        "The only person who could answer is on a break, offline or without a line.",
        "The %(away)d people who could answer are on a break, offline or without a line.",
        "away",
    ),
    "let_go": _("Those who are free let it go a moment ago; it is offered to them again in %(left)s at most."),
    "kept_free": ngettext_lazy(
        "One person is free, kept for %(queue)s, where more is lost by waiting: for at most %(left)s more.",
        "%(free)d people are free, kept for %(queue)s, where more is lost by waiting: for at most %(left)s more.",
        "free",
    ),
    "in_reserve": ngettext_lazy(
        "One person is free, held in reserve for %(queue)s: for at most %(left)s more.",
        "%(free)d people are free, held in reserve for %(queue)s: for at most %(left)s more.",
        "free",
    ),
    "weighed_again": ngettext_lazy(
        "One person is free; whether another queue needs them more is being weighed again, within %(left)s.",
        "%(free)d people are free; whether another queue needs them more is being weighed again, within %(left)s.",
        "free",
    ),
    "nobody_may": ngettext_lazy(
        "The only free person has let it go or handed it on.",
        "The %(free)d free people have let it go or handed it on.",
        "free",
    ),
    "all_busy": ngettext_lazy(
        "The only person there is busy.", "The %(busy)d people who are there are all busy.", "busy"
    ),
    "offered_to": _("It is being offered to %(agent)s."),
    "held_by_agent": _("It is with %(agent)s."),
    "kept_for": _("It waits for %(agent)s, for at most %(left)s more."),
    "none": _("Nothing stands in the way: it is about to be offered."),
}
"""Why a contact waits, as a supervisor is told."""

OF_THE_AGENT: Sentences = {
    "unknown_contact": _("The contact has just ended."),
    "queue_removed": _("Its queue is no longer routed on this floor."),
    "queue_closed": _("Its queue is closed; it opens again at %(time)s."),
    "scheduled": _("It is to be called back at %(time)s."),
    "unknown_agent": _("Not on this floor."),
    "removed": _("No longer on this floor."),
    "no_queue": _("Not engaged on any queue of this floor."),
    "no_lane": _("Lacks the skills that their queues ask."),
    "no_lane_skill": _("For %(queue)s: %(skill)s at level %(level)d, level %(asked)d is needed."),
    "not_engaged": _("Not engaged on %(queue)s."),
    "reserved": _("Reserved for %(queue)s."),
    "skill_missing": _("%(skill)s at level %(level)d, level %(asked)d is needed."),
    "line_lost": _("Line lost."),
    "rested": _("Resting after offers left unanswered."),
    "away": _("On a break or offline."),
    "excluded": _("Has just handed it on, or is not to have it."),
    "let_go": _("Let it go; it is offered to them again in %(left)s."),
    "waiting_for_fact": _("A change is being taken in; looked at again in a moment."),
    "no_place_set": _("Has no place for this channel."),
    "line_without_voice": _("Their line does not carry voice now."),
    "consulted": _("A colleague is asking them about a call."),
    "offer_open": _("Has another offer open."),
    "on_call": _("On a call."),
    "chat_open": _("Has a chat in hand: no call beside it."),
    "not_to_interrupt": _("Has work in hand that is not to be interrupted by a call."),
    "no_free_place": _("All places taken."),
    "offered_to": _("It is being offered to %(agent)s."),
    "held_by_agent": _("It is with %(agent)s."),
    "kept_for": _("It waits for %(agent)s, for at most %(left)s more."),
    "kept_free": _("Free, and kept for %(queue)s: for at most %(left)s more."),
    "in_reserve": _("Free, and held in reserve for %(queue)s: for at most %(left)s more."),
    "behind": _("Another contact comes first, due at %(due)s."),
    "nothing_waits": ngettext_lazy(
        "Nothing waits in their queues; %(before)d person is to be asked first.",
        "Nothing waits in their queues; %(before)d people are to be asked first.",
        "before",
    ),
    "preferred": _("The contact was meant for the person who got it."),
    "came_free": _("Was being kept free for %(queue)s; the other became free meanwhile."),
    "needed_elsewhere": _("Is needed more by another of their queues, %(queue)s."),
    "holds_more": _("Held %(held)d contacts, the other %(other_held)d."),
    "idle_less": _("Had been free for %(idle)s, the other for %(other_idle)s."),
    "tie": _("Nothing set the two apart: who was entered first was asked first."),
    "none": _("Nothing stands in the way."),
}
"""Why somebody does not have a contact, as a supervisor is told."""

TO_THE_AGENT: Sentences = {
    "unknown_contact": _("The contact has just ended."),
    "queue_removed": _("Its queue is no longer routed on this floor."),
    "queue_closed": _("Its queue is closed; it opens again at %(time)s."),
    "scheduled": _("It is to be called back at %(time)s."),
    "unknown_agent": _("You are not on this floor: ask your planner on which queues you are engaged."),
    "removed": _("You are no longer on this floor: ask your planner on which queues you are engaged."),
    "no_queue": _("You are not engaged on any queue, so nothing can be offered to you. Ask your planner."),
    "no_lane": _("Your queues ask for skills that your file does not hold. Ask your supervisor."),
    "no_lane_skill": _("For %(queue)s, your file says %(skill)s at level %(level)d; level %(asked)d is needed."),
    "not_engaged": _("You are not engaged on %(queue)s."),
    "reserved": _("You are reserved for %(queue)s."),
    "skill_missing": _("Your file says %(skill)s at level %(level)d; level %(asked)d was needed."),
    "line_lost": _("Your line was lost. Nothing of this is held against you."),
    "rested": _("After several offers without an answer you were put to rest. Say that you are ready to go on."),
    "away": _("You were not ready: on a break or offline."),
    "excluded": _("You had just handed this contact on."),
    "let_go": _("You let it go; it comes back to you in %(left)s if nobody takes it."),
    "waiting_for_fact": _("A change about you is being taken in; this lasts a few seconds."),
    "no_place_set": _("Your file gives you no place for this channel."),
    "line_without_voice": _("Your line does not carry voice now."),
    "consulted": _("A colleague was asking you about a call."),
    "offer_open": _("Another offer was open for you."),
    "on_call": _("You were on a call."),
    "chat_open": _("You had a chat in hand, and no call comes beside one."),
    "not_to_interrupt": _("You had work in hand that is not to be interrupted by a call."),
    "no_free_place": _("All your places are taken."),
    "offered_to": _("It is being offered to a colleague."),
    "held_by_agent": _("A colleague has it."),
    "kept_for": _("It waits for a colleague who knows the customer, for at most %(left)s more."),
    "kept_free": _("You are kept free for %(queue)s, where more is lost by waiting: for at most %(left)s more."),
    "in_reserve": _("You are held in reserve for %(queue)s: for at most %(left)s more."),
    "behind": _("Another contact comes first, due at %(due)s."),
    "nothing_waits": _("Nothing waits in your queues. You are the next to be asked."),
    "nothing_waits_behind": ngettext_lazy(
        "Nothing waits in your queues. %(before)d colleague is to be asked before you.",
        "Nothing waits in your queues. %(before)d colleagues are to be asked before you.",
        "before",
    ),
    "preferred": _(
        "This contact was meant for the colleague who got it: the customer knew them, or it was transferred."
    ),
    "came_free": _("You were being kept free for %(queue)s; a colleague became free meanwhile and got it."),
    "needed_elsewhere": _("Another of your queues, %(queue)s, needs you more than those of your colleague need them."),
    "holds_more": _("You held %(held)d contacts, your colleague %(other_held)d."),
    "idle_less": _("You had been free for %(idle)s, your colleague for %(other_idle)s."),
    "tie": _("Nothing set you and your colleague apart: who was entered first was asked first."),
    "none": _("Nothing stands in the way: it is about to be offered to you."),
}
"""Why an agent does not have a contact, or gets nothing, as they are told themselves."""

RULES: Sentences = {
    "least_cost": _(
        "The rule: whoever costs the other queues least is asked first, and what costs most to leave waiting comes first."
    ),
    "longest_idle": _("The rule: whoever has been free longest is asked first, and what is due first comes first."),
}


@dataclass(frozen=True, slots=True)
class Teller:
    """Speaks of reasons in the language that is active, with times in one zone, as of one moment."""

    now: datetime
    zone: ZoneInfo
    sentences: Sentences

    def tell(self, why: Mapping[str, Any], *, at: datetime | None = None) -> str:
        """The reason in a sentence or two; `at` is when it held, the present unless told."""
        code, values = str(why["code"]), self._values(why, at or self.now)
        said = str(self.sentences[_fitting(code, why, self.sentences)] % values)
        if "widens_at" in why:
            said += " " + gettext("More people may answer it from %(time)s.") % {"time": self._time(why["widens_at"])}
        return said

    def _values(self, why: Mapping[str, Any], at: datetime) -> dict[str, Any]:
        values: dict[str, Any] = {"free": 0, "before": 0, "queue": "", "agent": "", "skill": ""}
        for name, fact in why.items():
            values[name] = fact["name"] if isinstance(fact, Mapping) else fact
        if "until" in why:
            values["left"] = spoken((datetime.fromisoformat(why["until"]) - at).total_seconds())
            values["time"] = self._time(why["until"])
        if "due_at" in why:
            values["due"] = self._time(why["due_at"])
        for name, since in (("idle", "free_since"), ("other_idle", "other_free_since")):
            if since in why:
                values[name] = spoken((at - datetime.fromisoformat(why[since])).total_seconds())
        return values

    def _time(self, moment: str) -> str:
        return f"{datetime.fromisoformat(moment).astimezone(self.zone):%H:%M:%S}"

    def tell_decision(self, reasons: Mapping[str, Any], *, at: datetime) -> list[str]:
        """What was weighed when an offer was made: counts, who got it and who came next, the rule and its version."""
        if not reasons:
            return []
        told = [
            gettext("Who could answer: %(free)d free, %(busy)d busy, %(away)d away.")
            % {name: reasons[name] for name in ("free", "busy", "away")},
            gettext("Who got it: %(what)s.") % {"what": self._ranked(reasons["winner"], at)},
        ]
        if next_one := reasons.get("runner_up"):
            who = gettext("You came next: %(what)s.") if next_one.get("me") else gettext("Who came next: %(what)s.")
            told.append(who % {"what": self._ranked(next_one, at)})
        version = gettext("Version %(rule)d of the rule, version %(queue)d of the queue.") % {
            "rule": reasons["rule_version"],
            "queue": reasons["queue_version"],
        }
        return [*told, f"{RULES.get(reasons['rule'], reasons['rule'])} {version}"]

    def _ranked(self, ranking: Mapping[str, Any], at: datetime) -> str:
        idle = (at.timestamp() * 1000 - ranking["idle_since"]) / 1000
        held = ngettext("%(n)d contact in hand", "%(n)d contacts in hand", ranking["load"]) % {"n": ranking["load"]}
        return gettext("free for %(idle)s, %(held)s") % {"idle": spoken(idle), "held": held}


def spoken(seconds: float) -> str:
    """A duration inside a sentence: 41 s, 3 min 12, 1 h 48."""
    whole = max(0, int(seconds))
    if whole < 60:
        return f"{whole}\u00a0s"
    if whole < 3600:
        return f"{whole // 60}\u00a0min" + (f"\u00a0{whole % 60:02d}" if whole % 60 else "")
    return f"{whole // 3600}\u00a0h\u00a0{whole % 3600 // 60:02d}"


def _fitting(code: str, why: Mapping[str, Any], sentences: Sentences) -> str:
    """The sentence that says most of what is known: which skill, how many come before."""
    if "skill" in why and code == "nobody_eligible":
        return "nobody_eligible_skill" if why["level"] else "nobody_with_skill"
    if "skill" in why and f"{code}_skill" in sentences:
        return f"{code}_skill"
    if why.get("before") and f"{code}_behind" in sentences:
        return f"{code}_behind"
    return code
