from homeshore.channels.voice.sip.media.statistics import Heard, heard_in


def stream(ssrc, packets, *flags):
    return {"SSRC": ssrc, "flags": list(flags), "stats": {"packets": packets, "bytes": packets * 172, "errors": 0}}


def reports(**latest):
    first = {"MOS": 40, "round-trip time": 9000, "jitter": 1, "packet loss": 0, "reported at": 1}
    return {"MOS progression": {"interval": 0, "entries": [first, {**first, **latest}]}}


ANSWER = {
    "SSRC": {
        "43981": reports(**{"round-trip time": 91_992, "jitter": 5, "packet loss": 5}),
        "802132145": reports(**{"round-trip time": 30_000, "jitter": 2, "packet loss": 0}),
    },
    "tags": {
        "caller": {"medias": [{"streams": [stream(43981, 573, "RTP", "filled"), stream(43981, 14, "RTCP", "filled")]}]},
        "agent": {"medias": [{"streams": [stream(802132145, 361, "RTP", "RTCP", "filled", "ICE")]}]},
    },
}


def test_packets_of_sound_are_counted_by_end_and_the_caller_hears_what_their_own_reports_say():
    assert heard_in(ANSWER, caller="caller", agent="agent") == Heard(573, 361, 0.05, 5.0, 91.992)


def test_a_telephone_that_reports_nothing_is_not_guessed_at():
    assert heard_in({**ANSWER, "SSRC": {}}, caller="caller", agent="agent") == Heard(573, 361)


def test_who_is_alone_has_heard_nobody():
    alone = {"tags": {"caller": ANSWER["tags"]["caller"]}}
    assert heard_in(alone, caller="caller", agent="agent") == Heard(573, 0)
