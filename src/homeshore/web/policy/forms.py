"""Forms of queues and floors: they read what was typed; the rules are the contexts' own.

The circle of agents is a table: a row a skill, a column a step of waiting, a level in each cell.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from homeshore.brands.policy import ANSWER, HOLD, Overflow, QueuePolicy, Ring
from homeshore.routing.policy import LEAST_COST, LONGEST_IDLE, Policy
from homeshore.web.policy.words import LIVE

SPARE_SKILLS, STEPS, HELPERS = 2, 3, 3
UNITS = [("1", _("seconds")), ("60", _("minutes")), ("3600", _("hours"))]
LEVELS = [("", "–"), *((str(level), str(level)) for level in range(1, 6))]


class DatedForm(forms.Form):
    """From when a version holds, and why it is made."""

    when = forms.ChoiceField(
        label=_("Holds"),
        choices=[("now", _("at once")), ("later", _("from a moment on"))],
        widget=forms.RadioSelect,
        initial="now",
    )
    valid_from = forms.DateTimeField(
        label=_("Date and hour"),
        required=False,
        widget=forms.DateTimeInput({"type": "datetime-local"}, "%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M"],
    )
    note = forms.CharField(label=_("Why"), required=False, max_length=200)
    seen = forms.IntegerField(required=False, min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)

    def now_seen(self, number: int) -> None:
        """The newer version has been told of: saving again means to replace it."""
        self.data = {**self.data, "seen": str(number)}

    def starts(self, zone: ZoneInfo) -> datetime | None:
        """The moment it holds from, None for at once. Typed in the operator's zone."""
        if self.cleaned_data["when"] == "now":
            return None
        typed: datetime | None = self.cleaned_data["valid_from"]
        return None if typed is None else typed.replace(tzinfo=zone)

    def clean(self) -> dict[str, Any]:
        """A moment is needed where one is announced."""
        filled = super().clean() or {}
        if filled.get("when") == "later" and not filled.get("valid_from") and "valid_from" not in self.errors:
            self.add_error("valid_from", _("Say from when."))
        return filled


class PolicyForm(DatedForm):
    """All that people set of a queue."""

    target = forms.IntegerField(label=_("within"), min_value=1)
    target_unit = forms.ChoiceField(label=_("unit"), choices=UNITS)
    target_percent = forms.IntegerField(label=_("Share to answer in time (%)"), min_value=1, max_value=100)
    offer_seconds = forms.IntegerField(label=_("An offer rings (s)"), min_value=5, max_value=900)
    wrap_up_seconds = forms.IntegerField(label=_("Wrap-up at most (s)"), min_value=0, max_value=3600)
    priority = forms.IntegerField(
        label=_("Priority"), min_value=0, max_value=5, help_text=_("0 to 5; each level is due a head start earlier.")
    )
    cost = forms.FloatField(
        label=_("Weight of waiting"),
        min_value=0.1,
        max_value=100,
        help_text=_("2: a minute of waiting here is as bad as two in a queue of weight 1."),
    )
    reserve = forms.IntegerField(
        label=_("Free agents kept for it"), min_value=0, max_value=100, help_text=_("By other queues; 0 for none.")
    )
    last_agent_days = forms.IntegerField(
        label=_("The same agent again within (days)"),
        min_value=0,
        max_value=365,
        help_text=_("0: whoever ranks first."),
    )
    sticky_seconds = forms.IntegerField(label=_("Wait for them while they are busy (s)"), min_value=0, max_value=3600)
    interruptible = forms.BooleanField(label=_("A call may come in between"), required=False)
    outside_hours = forms.ChoiceField(
        label=_("Outside the brand’s hours"),
        choices=[(ANSWER, _("offered to whoever is ready")), (HOLD, _("kept until the brand opens"))],
        required=False,
    )
    confirmed = forms.BooleanField(required=False)

    def __init__(
        self,
        *arguments: Any,
        channel: str,
        skills: Mapping[int, str],
        queues: Mapping[int, str],
        policy: QueuePolicy | None = None,
        newest: int = 0,
        **options: Any,
    ) -> None:
        self.skills, self.channel = skills, channel
        options.setdefault("initial", self.filled_with(policy) | {"seen": newest} if policy else None)
        super().__init__(*arguments, **options)
        rows = max(len(policy.needs) if policy else 0, 1) + SPARE_SKILLS
        self.rows = min(rows, max(len(skills), 1))
        named = sorted(skills.items(), key=lambda each: each[1].lower())
        for row in range(self.rows):
            self.fields[f"skill-{row}"] = forms.ChoiceField(
                label=_("Skill"), required=False, choices=[("", "–"), *((str(id), name) for id, name in named)]
            )
            for column in range(STEPS + 1):
                self.fields[f"level-{row}-{column}"] = forms.ChoiceField(
                    label=_("Level"), required=False, choices=LEVELS
                )
        for column in range(1, STEPS + 1):
            self.fields[f"after-{column}"] = forms.IntegerField(
                label=_("From (s)"), required=False, min_value=1, max_value=86_400
            )
        helpers = [("", "–"), *((str(id), name) for id, name in queues.items())]
        for place in range(HELPERS):
            self.fields[f"helper-{place}"] = forms.ChoiceField(label=_("Queue"), required=False, choices=helpers)
            self.fields[f"help-after-{place}"] = forms.IntegerField(
                label=_("From (s)"), required=False, min_value=1, max_value=86_400
            )
        if channel in LIVE:
            del self.fields["outside_hours"]
        if channel == "voice":
            del self.fields["interruptible"]

    def circle(self) -> list[dict[str, Any]]:
        """The rows of the table: a skill and its levels by step."""
        return [
            {"skill": self[f"skill-{row}"], "levels": [self[f"level-{row}-{step}"] for step in range(STEPS + 1)]}
            for row in range(self.rows)
        ]

    def steps(self) -> list[forms.BoundField]:
        """The heads of the table's columns after the first."""
        return [self[f"after-{column}"] for column in range(1, STEPS + 1)]

    def helpers(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """The queues whose agents help, each with from when."""
        return [(self[f"help-after-{place}"], self[f"helper-{place}"]) for place in range(HELPERS)]

    def clean(self) -> dict[str, Any]:
        """A level names its skill, a skill its level at once; a helping queue says from when."""
        filled = super().clean() or {}
        seen: set[str] = set()
        for row in range(self.rows):
            skill = filled.get(f"skill-{row}")
            levels = [filled.get(f"level-{row}-{step}") for step in range(STEPS + 1)]
            if any(levels) and not skill:
                self.add_error(f"skill-{row}", _("Which skill is this level of?"))
            elif skill and not levels[0]:
                self.add_error(f"level-{row}-0", _("Say which level is asked at once."))
            elif skill and skill in seen:
                self.add_error(f"skill-{row}", _("This skill is there already."))
            seen.add(skill or "")
        for place in range(HELPERS):
            after, queue = filled.get(f"help-after-{place}"), filled.get(f"helper-{place}")
            if queue and after is None and f"help-after-{place}" not in self.errors:
                self.add_error(f"help-after-{place}", _("Say from when."))
            elif after is not None and not queue:
                self.add_error(f"helper-{place}", _("Which queue?"))
        return filled

    def policy(self) -> QueuePolicy:
        """What was typed, as a policy; the contexts say whether it can be followed."""
        filled = self.cleaned_data
        rows = [row for row in range(self.rows) if filled[f"skill-{row}"]]

        def needs(column: int) -> dict[int, int]:
            asked = {int(filled[f"skill-{row}"]): filled[f"level-{row}-{column}"] for row in rows}
            return {skill: int(level) for skill, level in asked.items() if level}

        columns = [column for column in range(1, STEPS + 1) if filled[f"after-{column}"] is not None]
        return QueuePolicy(
            target_seconds=filled["target"] * int(filled["target_unit"]),
            target_percent=filled["target_percent"],
            offer_seconds=filled["offer_seconds"],
            wrap_up_seconds=filled["wrap_up_seconds"],
            priority=filled["priority"],
            cost=filled["cost"],
            needs=needs(0),
            rings=tuple(Ring(filled[f"after-{column}"], needs(column)) for column in columns),
            overflow=tuple(
                Overflow(filled[f"help-after-{place}"], int(filled[f"helper-{place}"]))
                for place in range(HELPERS)
                if filled[f"helper-{place}"]
            ),
            reserve=filled["reserve"],
            last_agent_days=filled["last_agent_days"],
            sticky_seconds=filled["sticky_seconds"],
            interruptible=filled.get("interruptible", True),
            outside_hours=filled.get("outside_hours") or ANSWER,
        )

    def blame(self, field: str, why: str) -> None:
        """Show a refusal beside the field it is about."""
        known = {"target_seconds": "target", "needs": "skill-0", "rings": "after-1", "overflow": "helper-0"}
        place = known.get(field, field)
        self.add_error(place if place in self.fields else None, why)

    @staticmethod
    def filled_with(policy: QueuePolicy) -> dict[str, Any]:
        """The values by field of a policy."""
        unit = next(size for size in (3600, 60, 1) if policy.target_seconds % size == 0)
        values: dict[str, Any] = {
            "target": policy.target_seconds // unit,
            "target_unit": str(unit),
            "cost": f"{policy.cost:g}",
        }
        for name in QueuePolicy.__slots__:
            if name not in ("needs", "rings", "overflow", "target_seconds", "cost"):
                values[name] = getattr(policy, name)
        for column, ring in enumerate(policy.rings, start=1):
            values[f"after-{column}"] = ring.after_seconds
        for row, (skill, level) in enumerate(policy.needs.items()):
            values[f"skill-{row}"], values[f"level-{row}-0"] = str(skill), str(level)
            for column, ring in enumerate(policy.rings, start=1):
                values[f"level-{row}-{column}"] = str(ring.needs.get(skill, ""))
        for place, step in enumerate(policy.overflow):
            values[f"help-after-{place}"], values[f"helper-{place}"] = step.after_seconds, str(step.queue)
        return values


FIRST_POLICY: Mapping[str, QueuePolicy] = {
    "voice": QueuePolicy(target_seconds=20, offer_seconds=20, wrap_up_seconds=60),
    "chat": QueuePolicy(target_seconds=60, offer_seconds=30, wrap_up_seconds=45),
    "email": QueuePolicy(target_seconds=14_400, target_percent=90, offer_seconds=60, wrap_up_seconds=45),
    "social": QueuePolicy(target_seconds=3_600, offer_seconds=60, wrap_up_seconds=45),
    "task": QueuePolicy(target_seconds=86_400, target_percent=95, offer_seconds=60, wrap_up_seconds=0),
}
"""What a new queue of a channel starts from; all of it is then changed on its page."""


class NewQueueForm(forms.Form):
    """A queue that is to be: what it is called, what it brings, and whose agents answer it."""

    name = forms.CharField(label=_("Name"), max_length=80)
    brand = forms.ChoiceField(label=_("Brand"))
    channel = forms.ChoiceField(label=_("Channel"))
    activity = forms.ChoiceField(label=_("Activity"))
    missions = forms.MultipleChoiceField(
        label=_("Missions whose agents answer it"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *arguments: Any, choices: Mapping[str, list[tuple[Any, Any]]], **options: Any) -> None:
        super().__init__(*arguments, **options)
        for name, offered in choices.items():
            self.fields[name].choices = offered  # type: ignore[attr-defined]

    def first_policy(self) -> QueuePolicy:
        """What its channel starts from."""
        return replace(FIRST_POLICY[self.cleaned_data["channel"]])


class FloorForm(DatedForm):
    """What holds on a whole floor."""

    rule = forms.ChoiceField(
        label=_("Who gets which contact"),
        widget=forms.RadioSelect,
        choices=[
            (LEAST_COST, _("Least cost: weighs what each queue loses by waiting, and may keep an agent free")),
            (LONGEST_IDLE, _("Longest idle: the contact due first, the agent idle longest")),
        ],
    )
    head_start_seconds = forms.IntegerField(label=_("Head start a level of priority (s)"), min_value=0)
    rona_limit = forms.IntegerField(label=_("Offers unanswered in a row before a rest"), min_value=1)
    reoffer_after_seconds = forms.IntegerField(label=_("Offer again to who let it go, after (s)"), min_value=0)
    fairness_seconds = forms.IntegerField(
        label=_("Spread acts (s)"),
        min_value=0,
        help_text=_("Each act an hour counts as so much less idle; 0: not at all, 30: a gentle start."),
    )
    keep_voice = forms.IntegerField(label=_("A call (s)"), min_value=0)
    keep_chat = forms.IntegerField(label=_("A chat (s)"), min_value=0)
    keep_email = forms.IntegerField(label=_("An e-mail (s)"), min_value=0)
    keep_social = forms.IntegerField(label=_("A social message (s)"), min_value=0)
    keep_task = forms.IntegerField(label=_("A task (s)"), min_value=0)

    KEPT = ("voice", "chat", "email", "social", "task")

    def rules(self) -> dict[str, Any]:
        """What was typed, as fields of routing.policy.Policy."""
        filled = self.cleaned_data
        plain = ("rule", "head_start_seconds", "rona_limit", "reoffer_after_seconds", "fairness_seconds")
        kept = {channel: filled[f"keep_{channel}"] for channel in self.KEPT}
        return {name: filled[name] for name in plain} | {"keep_on_lapse": kept}

    def kept(self) -> list[forms.BoundField]:
        """How long work stays with an agent whose line is lost, by channel."""
        return [self[f"keep_{channel}"] for channel in self.KEPT]

    @classmethod
    def filled_with(cls, rules: Mapping[str, Any]) -> dict[str, Any]:
        """The values by field of a floor's rules."""
        house = Policy().keep_on_lapse
        kept = {f"keep_{channel}": rules["keep_on_lapse"].get(channel, house[channel]) for channel in cls.KEPT}
        return {name: value for name, value in rules.items() if name != "keep_on_lapse"} | kept


class WhatIfForm(forms.Form):
    """What is to be otherwise on a past day."""

    volume = forms.IntegerField(label=_("Contacts, in percent"), min_value=0, max_value=500, initial=130)
    away = forms.IntegerField(label=_("Agents fewer"), min_value=0, max_value=1000, initial=0)
    rule = forms.ChoiceField(
        label=_("Rule"),
        required=False,
        choices=[("", _("the one in force")), (LEAST_COST, _("least cost")), (LONGEST_IDLE, _("longest idle"))],
    )
