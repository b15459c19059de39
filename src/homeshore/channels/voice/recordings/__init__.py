"""Recordings of calls: which calls are drawn, when one may be recorded, and how what was recorded is kept closed."""
