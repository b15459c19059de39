"""Proofs of a password: what the RFCs compute is what we compute."""

import pytest

from homeshore.channels.voice.sip.signalling.digest import Account, Challenge, challenge_in, next_challenge, proof
from homeshore.channels.voice.sip.signalling.messages import read

MUFASA = Account("example.org", "Mufasa", "Circle of Life")
NONCE, OPAQUE, WORD = (
    "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v",
    "FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS",
    "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ",
)


def answer(status: int, *challenges: str):
    asked_by = "WWW-Authenticate" if status == 401 else "Proxy-Authenticate"
    lines = [
        f"SIP/2.0 {status} Said",
        "Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKx",
        "From: <sip:a@example.org>;tag=a",
        "To: <sip:a@example.org>",
        "Call-ID: 1",
        "CSeq: 1 REGISTER",
        *(f"{asked_by}: {each}" for each in challenges),
        "Content-Length: 0",
    ]
    return read(("\r\n".join(lines) + "\r\n\r\n").encode())


def response_in(header: str) -> str:
    return header.partition('response="')[2].partition('"')[0]


@pytest.mark.parametrize(
    ("algorithm", "response"),
    [
        ("MD5", "8ca523f5e9506fed4657c9700eebdbec"),
        ("SHA-256", "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"),
    ],
)
def test_the_examples_of_rfc_7616_come_out(algorithm, response):
    challenge = Challenge(
        "Authorization", "http-auth@example.org", NONCE, OPAQUE, algorithm, counts=True, stale=False, uses=1
    )
    said = proof(challenge, MUFASA, method="GET", uri="/dir/index.html", word=WORD)
    assert said == (
        f'Digest username="Mufasa", realm="http-auth@example.org", nonce="{NONCE}", uri="/dir/index.html", '
        f'response="{response}", algorithm={algorithm}, opaque="{OPAQUE}", qop=auth, nc=00000001, cnonce="{WORD}"'
    )


def test_the_example_of_rfc_2069_without_quality_of_protection_comes_out():
    challenge = Challenge(
        "Authorization",
        "testrealm@host.com",
        "dcd98b7102dd2f0e8b11d0f600bfb0c093",
        None,
        None,
        counts=False,
        stale=False,
        uses=1,
    )
    account = Account("host.com", "Mufasa", "CircleOfLife")
    said = proof(challenge, account, method="GET", uri="/dir/index.html", word="unused")
    assert (response_in(said), "nc=" in said, "algorithm" in said) == (
        "1949323746fe6a43ef61f9606e7febea",
        False,
        False,
    )


def test_the_first_challenge_that_can_be_met_is_met():
    said = answer(
        407,
        "Basic realm=unsafe",
        'Digest realm="a", nonce="n1", algorithm=SHA-512-256, qop="auth"',
        'Digest realm="a", nonce="n2", algorithm=SHA-256, qop="auth-int"',
        'Digest realm="a, \\"b\\"", nonce="n3", algorithm=SHA-256, qop="auth-int, auth", opaque="o=1, 2", stale=TRUE',
        'Digest realm="a", nonce="n4"',
    )
    assert challenge_in(said) == Challenge(
        "Proxy-Authorization", 'a, \\"b\\"', "n3", "o=1, 2", "SHA-256", counts=True, stale=True
    )


def test_what_asks_for_nothing_that_we_have_is_no_challenge():
    assert challenge_in(answer(401, 'Digest realm="a", qop="auth"')) is None
    assert challenge_in(answer(403, 'Digest realm="a", nonce="n"')) is None


@pytest.mark.parametrize(("uses", "stale", "is_met"), [(1, "false", False), (1, "true", True), (2, "false", True)])
def test_a_password_that_was_refused_is_not_sent_again_unless_its_nonce_was_over(uses, stale, is_met):
    known = Challenge("Authorization", "a", "before", None, None, counts=True, stale=False, uses=uses)
    after = next_challenge(known, answer(401, f'Digest realm="a", nonce="now", qop="auth", stale={stale}'))
    assert (after is not None) == is_met


def test_a_password_is_in_no_log():
    assert "Circle" not in repr(MUFASA)
