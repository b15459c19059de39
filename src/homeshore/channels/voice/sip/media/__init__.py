"""The sound of telephone calls, which rtpengine carries: what the house asks of it."""
