"""Pure: whether a person may be called now, by which rules, and why not."""
