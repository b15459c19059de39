"""How rows of people write their days and their status; known also where the planning libraries are not installed."""

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MICRO = "micro_bnc"
"""The status of a self-employed agent paid by the act, and of whoever names none."""
