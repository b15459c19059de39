"""What would have been: a floor's own history, played again under other rules, in a process that never writes.

The question is a document (routing/simulator/document.py): `history` writes one from the tables, `child` plays it beside
the house, and the command and the screens ask the same.
"""
