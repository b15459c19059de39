"""Plans: what a planner asks, what was given to plan from, what each step found, and the work that finds it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Plan(models.Model):
    """One way from a history to a schedule and promises of income."""

    class Source(models.TextChoices):
        PLATFORM = "platform", _("contacts of this platform")
        FILE = "file", _("a file")

    operator = models.ForeignKey("foundation.Operator", on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=120)
    source = models.CharField(max_length=10, choices=Source)
    file_name = models.CharField(max_length=200, blank=True)
    mapping = models.JSONField(default=dict, help_text="How the file is read, once a person has confirmed it.")
    settings = models.JSONField(default=dict, help_text="What the planner asks, where it differs from the usual.")
    people = models.JSONField(
        default=dict, help_text="Whose availability is planned with: its source, and rows of people."
    )
    assumptions = models.JSONField(default=dict, help_text="The planner's own numbers for comparing models.")
    invented = models.BooleanField(default=False, help_text="Of a demonstration: the history is generated.")
    created_by = models.ForeignKey("foundation.User", on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["operator", "-changed_at"], name="plans_of_operator")]

    def __str__(self) -> str:
        return self.name


class Material(models.Model):
    """What a plan is made from: the file as it came, then the cleaned history as Parquet."""

    class Kind(models.TextChoices):
        FILE = "file"
        VOLUMES = "volumes"
        CONTACTS = "contacts"

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="materials")
    kind = models.CharField(max_length=10, choices=Kind)
    content = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["plan", "kind"], name="one_material_of_a_kind")]

    def __str__(self) -> str:
        return f"{self.plan_id} {self.kind}"


class StepName(models.TextChoices):
    """The steps of a plan, from left to right, and what prepares or changes them."""

    LOOK = "look"
    HISTORY = "history"
    FORECAST = "forecast"
    STAFFING = "staffing"
    MIX = "mix"
    SCHEDULE = "schedule"
    REPAIR = "repair"
    INCOME = "income"
    COMPARISON = "comparison"


class Step(models.Model):
    """What a step found, as plain values (`homeshore.planning.figures`)."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="steps")
    name = models.CharField(max_length=12, choices=StepName)
    figures = models.JSONField()
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["plan", "name"], name="one_result_a_step")]

    def __str__(self) -> str:
        return f"{self.plan_id} {self.name}"


class Work(models.Model):
    """Long work on a plan: asked for, done in a child process, followed by its share done, ended or cancelled."""

    class Kind(models.TextChoices):
        LOOK = "look"
        READ = "read"
        FORECAST = "forecast"
        MIX = "mix"
        SCHEDULE = "schedule"
        REPAIR = "repair"
        COMPARE = "compare"

    class State(models.TextChoices):
        WAITING = "waiting"
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"
        CANCELLED = "cancelled"

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="works")
    kind = models.CharField(max_length=10, choices=Kind)
    asked = models.JSONField(default=dict, help_text="What this work needs besides the plan.")
    before = models.JSONField(
        default=dict, help_text="What the plan asked before this work: so it is again when cancelled."
    )
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    doing = models.CharField(max_length=20, blank=True)
    share = models.FloatField(default=0.0)
    problems = models.JSONField(default=list, help_text="Why it failed, as data.")
    attempts = models.PositiveSmallIntegerField(default=0)
    asked_at = models.DateTimeField()
    beat_at = models.DateTimeField(null=True, help_text="When whoever does it was last heard of.")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["plan"], condition=Q(state__in=["waiting", "running"]), name="one_work_at_a_time_on_a_plan"
            )
        ]
        indexes = [models.Index(fields=["asked_at"], condition=Q(state__in=["waiting", "running"]), name="work_to_do")]

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"

    @property
    def is_open(self) -> bool:
        return self.state in (Work.State.WAITING, Work.State.RUNNING)
