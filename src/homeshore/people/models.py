"""Agents, what they know, and how many contacts they take at once."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from homeshore.people.status import Status


class Skill(models.Model):
    """Something a contact may ask for and an agent may have: a language, a product, a gesture of the trade."""

    operator = models.ForeignKey("foundation.Operator", on_delete=models.CASCADE, related_name="skills")
    code = models.SlugField()
    name = models.CharField(max_length=80)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["operator", "code"], name="one_skill_per_code")]

    def __str__(self) -> str:
        return self.name


class Agent(models.Model):
    """A person who answers customers from home for an operator."""

    operator = models.ForeignKey("foundation.Operator", on_delete=models.CASCADE, related_name="agents")
    user = models.OneToOneField("foundation.User", on_delete=models.CASCADE, related_name="agent")
    name = models.CharField(max_length=120)
    first_name = models.CharField(max_length=60, help_text="What customers see.")
    status = models.CharField(max_length=20, choices=Status)
    town = models.CharField(max_length=80, blank=True)
    simulated = models.BooleanField(default=False)
    active = models.BooleanField(default=True)
    voice_places = models.PositiveSmallIntegerField(default=1)
    chat_places = models.PositiveSmallIntegerField(default=3)
    email_places = models.PositiveSmallIntegerField(default=5)
    social_places = models.PositiveSmallIntegerField(default=3)
    task_places = models.PositiveSmallIntegerField(default=1)
    voice_line_ok = models.BooleanField(default=True, help_text="The line at home carries voice now.")
    voice_line_why = models.CharField(max_length=60, blank=True, help_text="Which measure says that it does not.")
    voice_line_at = models.DateTimeField(null=True, blank=True, help_text="Since when it is so.")
    version = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        return self.name

    @property
    def places(self) -> dict[str, int]:
        """How many contacts at once, by channel."""
        channels = ("voice", "chat", "email", "social", "task")
        return {channel: getattr(self, f"{channel}_places") for channel in channels}


class AgentSkill(models.Model):
    """How well an agent has a skill, from 1 to 5."""

    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="skills")
    skill = models.ForeignKey(Skill, on_delete=models.CASCADE, related_name="+")
    level = models.PositiveSmallIntegerField(validators=[MinValueValidator(1), MaxValueValidator(5)])

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agent", "skill"], name="one_level_per_skill"),
            models.CheckConstraint(condition=models.Q(level__gte=1, level__lte=5), name="level_from_1_to_5"),
        ]

    def __str__(self) -> str:
        return f"{self.skill} {self.level}"
