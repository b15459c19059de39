"""The report of a plan: one HTML page without any file beside it, charts drawn as SVG."""

from homeshore.planning.report.page import page

__all__ = ["page"]
