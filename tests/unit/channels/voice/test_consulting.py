"""A colleague asked about a call: whatever people do in whatever order, it ends once, and nobody joins who did not say yes."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from homeshore.channels.voice.course.consulting import COURSE, Act, Over, Stage, after


@given(st.lists(st.sampled_from(Act)))
def test_nobody_joins_or_takes_a_call_over_without_having_answered(acts):
    stage: Stage | Over = Stage.ASKED
    been = [stage]
    for act in acts:
        if isinstance(stage, Stage):
            stage = after(stage, act) or stage
            been.append(stage)
    if Stage.JOINED in been or Over.HANDED_OVER in been or Over.LEFT in been or Over.LOST in been:
        assert Stage.ALONE in been
    if Over.REFUSED in been or Over.UNANSWERED in been:
        assert Stage.ALONE not in been


def test_whoever_wants_out_is_out_whatever_the_stage():
    for act in (Act.LEAVE, Act.TAKE_BACK, Act.FALL_SILENT):
        assert all(isinstance(after(stage, act), Over) for stage in Stage)
    assert {over for acts in COURSE.values() for over in acts.values() if isinstance(over, Over)} == set(Over)
