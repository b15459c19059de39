"""For how long an operator keeps what belongs to customers, from when on."""

from django.db import models


class RetentionRule(models.Model):
    """The periods that hold from `valid_from` until the next rule. A rule that came into force never changes."""

    operator = models.ForeignKey("foundation.Operator", on_delete=models.CASCADE, related_name="retention_rules")
    conversation_days = models.PositiveIntegerField(help_text="Words, files and mails, after the last contact.")
    customer_days = models.PositiveIntegerField(help_text="Names and addresses, after the last contact.")
    stray_mail_days = models.PositiveIntegerField(help_text="Mails that joined no conversation, after they came.")
    recording_days = models.PositiveIntegerField(default=180, help_text="Recordings of calls, after the call.")
    source = models.CharField(max_length=300, blank=True, help_text="The rule of law or the register that asks for it.")
    valid_from = models.DateTimeField()
    saved_by = models.ForeignKey("foundation.User", on_delete=models.SET_NULL, null=True, related_name="+")
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["operator", "valid_from"], name="one_retention_rule_at_a_time")]

    def __str__(self) -> str:
        return f"{self.operator_id} from {self.valid_from:%Y-%m-%d}"
