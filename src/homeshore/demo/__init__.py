"""The demonstration: an invented operator, its brands' pages, a post office, and simulated people. Unknown to `serve`."""
