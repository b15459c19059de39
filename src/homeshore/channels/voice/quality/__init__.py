"""Pure: how good a line sounds, by measures of it, and when it is too weak for calls."""
