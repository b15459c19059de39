from datetime import timedelta

import pytest
from django.core.signing import BadSignature

from homeshore.channels.chat.visitors import LASTS, Visitor, new_visitor, token_of, visitor_of
from tests.clock import MORNING


def test_a_token_names_the_visitor_again():
    visitor = new_visitor(7)
    assert visitor_of(token_of(visitor, now=MORNING), now=MORNING) == visitor
    assert visitor != new_visitor(7)


@pytest.mark.parametrize("token", ["", "x", "eyJicmFuZCI6N30:abc", "é"])
def test_what_we_did_not_sign_is_refused(token):
    with pytest.raises(BadSignature):
        visitor_of(token, now=MORNING)


def test_a_token_for_another_thread_cannot_be_made_of_ours():
    ours, theirs = (token_of(Visitor(7, key), now=MORNING) for key in ("visitor-a", "visitor-b"))
    forged = theirs.rpartition(":")[0] + ":" + ours.rpartition(":")[2]
    with pytest.raises(BadSignature):
        visitor_of(forged, now=MORNING)


def test_a_token_ends_180_days_after_the_last_visit():
    token = token_of(Visitor(7, "visitor-a"), now=MORNING)
    assert visitor_of(token, now=MORNING + LASTS) == Visitor(7, "visitor-a")
    with pytest.raises(BadSignature):
        visitor_of(token, now=MORNING + LASTS + timedelta(seconds=1))
