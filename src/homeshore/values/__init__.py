"""Pure words everybody may use: money and time."""
