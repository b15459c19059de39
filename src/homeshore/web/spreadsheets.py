"""What the house writes for spreadsheets."""

FORMULA_BEGINS = ("=", "+", "-", "@", "\t", "\r")


def plain(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(FORMULA_BEGINS) else text
