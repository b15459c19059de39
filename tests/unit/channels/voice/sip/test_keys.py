"""Keys that callers press, as rtpengine 10.5 tells them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from homeshore.channels.voice.sip.media.keys import Pressed, pressed_in

TOLD = (
    b'{"callid":"tag.0","source_tag":"caller","tags":["music","caller"],"type":"DTMF","timestamp":1795367788,'
    b'"source_ip":"127.0.0.1","event":%s,"duration":120,"volume":10}'
)


@pytest.mark.parametrize(("event", "key"), [(b"9", "9"), (b"0", "0"), (b"10", "*"), (b"11", "#"), (b"15", "D")])
def test_a_key_is_told_with_its_place_and_who_pressed_it(event, key):
    assert pressed_in(TOLD % event) == Pressed("tag.0", "caller", key)


@pytest.mark.parametrize("event", [b"-1", b"16", b'"9"', b"true,", b"null"])
def test_what_is_no_key_is_none(event):
    assert pressed_in(TOLD % event) is None


@given(st.binary(max_size=80))
def test_whatever_comes_breaks_nothing(datagram):
    assert pressed_in(datagram) is None
