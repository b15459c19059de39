"""The audit trail speaks to people: each verb that the house records has its sentence, and no sentence is left over."""

import ast
import re
from pathlib import Path

import homeshore
from homeshore.web.operator.deeds import DEEDS

VERB = re.compile(r"[a-z]+\.[a-z_]+")


RECORDERS = {"audit.record", "record_audit", "note_companion", "_audit", "_delete"}
"""What takes a verb and records it."""


def recorded_verbs():
    """Each verb that is given to a recorder, and those of the tables from which one is chosen."""
    for file in Path(homeshore.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in RECORDERS:
                yield from verbs_in([*node.args, *(each.value for each in node.keywords)])
            elif isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "VERBS":
                yield from verbs_in(ast.walk(node.value))


def verbs_in(nodes):
    texts = (node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str))
    return [text for text in texts if VERB.fullmatch(text)]


def test_each_verb_has_its_sentence():
    assert set(recorded_verbs()) == set(DEEDS)
