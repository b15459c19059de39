"""Routing: who gets which contact, and why. Pure: no clock, no I/O, no randomness, no Django."""

from homeshore.routing.state import State
from homeshore.routing.step import Step, step

__all__ = ["State", "Step", "step"]
