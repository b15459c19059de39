"""One handler for each input, by what the input is about."""
