"""Homeshore: a customer-service centre whose agents all work from home."""

__version__ = "0.1.0"
