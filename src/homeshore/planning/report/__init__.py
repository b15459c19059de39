"""The report of a plan: one HTML page without any file beside it, charts drawn as SVG; and the same as PDF (`pdf`)."""

from homeshore.planning.report.page import page

__all__ = ["page"]
