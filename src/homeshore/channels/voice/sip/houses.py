"""What has become of the calls whose callers a telephone carries."""

from homeshore.channels.voice.models import Call, Caller, Companion
from homeshore.channels.voice.sip.steps import CHOOSING, PASSED_ON, House


def houses(home: str) -> dict[str, House]:
    """By the tag of each caller at this telephone."""
    rows = Caller.objects.filter(home=home).values_list(
        "tag",
        "stage",
        "opposite",
        "call__state",
        "call__round",
        "companion__part",
        "companion__round",
        "companion__ended_at",
        "companion__call__state",
    )
    found = {}
    for tag, stage, opposite, state, round, part, line, over, beside in rows:
        if stage == Caller.Stage.PASSED_ON:
            found[tag] = House(PASSED_ON if opposite else Call.State.ENDED.value, 0)
        elif part:
            found[tag] = House(Call.State.ENDED.value if over else _with_agent(part, beside), line)
        else:
            found[tag] = House(state or CHOOSING, round or 0)
    return found


def _with_agent(part: str, call_state: str) -> str:
    """Where who is asked about a call stands with its agent: they hear music while the agent speaks with the customer without them."""
    if part == Companion.Part.ASKED:
        return Call.State.DIALLING.value
    waits = part == Companion.Part.CONSULT and call_state != Call.State.HELD
    return (Call.State.HELD if waits else Call.State.TALKING).value
