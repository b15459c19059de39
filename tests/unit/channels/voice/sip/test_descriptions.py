from homeshore.channels.voice.sip import descriptions

OFFER = (
    "v=0\r\no=them 7 7 IN IP4 192.0.2.7\r\ns=-\r\nc=IN IP4 192.0.2.7\r\nt=0 0\r\n"
    "m=audio 4000 RTP/AVP 8 0\r\na=rtpmap:8 PCMA/8000\r\na=sendrecv\r\na=rtcp:4001\r\n"
)
OF_RTPENGINE = (
    "v=0\r\no=- 99 1 IN IP4 198.51.100.1\r\ns=-\r\nt=0 0\r\nm=audio 30000 RTP/AVP 8\r\nc=IN IP4 203.0.113.5\r\n"
    "a=mid:1\r\na=msid:stream track\r\na=ssrc:1 cname:x\r\na=rtpmap:8 PCMA/8000\r\na=sendrecv\r\n"
)


def test_music_is_answered_from_nowhere():
    assert descriptions.to_nowhere(OFFER) == (
        "v=0\r\no=them 7 7 IN IP4 192.0.2.7\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
        "m=audio 9 RTP/AVP 8 0\r\na=rtpmap:8 PCMA/8000\r\na=sendrecv\r\n"
    )


def test_a_telephone_hears_of_one_session_in_versions_and_of_nothing_that_is_for_browsers():
    assert descriptions.for_telephone(OF_RTPENGINE, session="tag", version=3) == (
        "v=0\r\no=homeshore 59357059 3 IN IP4 203.0.113.5\r\ns=-\r\nt=0 0\r\nm=audio 30000 RTP/AVP 8\r\n"
        "c=IN IP4 203.0.113.5\r\na=rtpmap:8 PCMA/8000\r\na=sendrecv\r\n"
    )


def test_a_browser_is_told_that_its_one_stream_is_a_bundle():
    assert "t=0 0\r\na=group:BUNDLE 1\r\nm=audio" in descriptions.for_browser(OF_RTPENGINE)


def test_sound_that_only_stops_leads_nowhere_else():
    held = OFFER.replace("sendrecv", "sendonly")
    assert descriptions.is_held(held)
    assert not descriptions.leads_elsewhere(OFFER, held)
    assert descriptions.in_direction(OFFER, "sendonly").endswith("a=rtcp:4001\r\na=recvonly\r\n")
    assert descriptions.in_direction(OFFER, "sendonly").count("a=recvonly") == 1
    assert not descriptions.is_held(OFFER)


def test_sound_for_another_address_or_port_leads_elsewhere():
    assert descriptions.leads_elsewhere(OFFER, OFFER.replace("4000", "4002"))
    assert descriptions.leads_elsewhere(OFFER, OFFER.replace("c=IN IP4 192.0.2.7", "c=IN IP4 192.0.2.8"))


def test_an_offer_without_sound_is_known():
    assert descriptions.has_audio(OFFER)
    assert not descriptions.has_audio(OFFER.replace("m=audio 4000", "m=audio 0"))
    assert not descriptions.has_audio("")
