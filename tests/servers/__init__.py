"""Real servers for tests: each runs without privileges, in a folder and on a port of its own, and leaves nothing."""
