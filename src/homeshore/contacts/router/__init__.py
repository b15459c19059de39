"""The shell around the routing core: who owns a floor, what it consumes, how its decisions become durable.

One turn: read the facts that wait, give each to `routing.step`, commit the journal and the decisions in one transaction
that checks the owner's epoch, and only then are they shown. What the database refuses goes back to the core.
"""
