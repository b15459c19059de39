"""The house registers at a trunk: what it asks, and what it makes of the answers."""

import pytest

from homeshore.channels.voice.sip.signalling import Account, Answered, Ended, Failed, NotRegistered, Registered
from tests.unit.channels.voice.sip.trunk import EDGE, Trunk, statuses

ACCOUNT = Account("trunk.example", "homeshore", "correct horse")
CONTACT = "sip:homeshore@203.0.113.5:5060"
ASKS = 'Digest realm="trunk.example", nonce="{}", qop="auth", algorithm=MD5{}'


class Registrar(Trunk):
    """A trunk where the house has an account."""

    def registers(self, seconds: int = 600, account: Account = ACCOUNT):
        self.house.register("account-1", account, edge=EDGE, contact=CONTACT, seconds=seconds, now=self.now)
        [asked] = self.hears()
        return asked

    def asks_for_proof(self, request, *, nonce: str = "n1", more: str = "", status: int = 401):
        header = "WWW-Authenticate" if status == 401 else "Proxy-Authenticate"
        return self.answers(request, status, more={header: ASKS.format(nonce, more)})

    def after_a_proof(self):
        """The request that proves who we are."""
        assert self.asks_for_proof(self.registers()) == []
        [proved] = self.hears()
        return proved


@pytest.fixture
def trunk() -> Registrar:
    return Registrar()


def proof_in(request) -> dict[str, str]:
    said = request.get_header("Authorization") or request.get_header("Proxy-Authorization") or ""
    return dict(each.split("=", 1) for each in said.removeprefix("Digest ").split(", ") if each)


def test_it_says_who_it_is_where_its_calls_go_and_for_how_long(trunk):
    asked = trunk.registers()
    assert (asked.method, asked.uri) == ("REGISTER", "sip:trunk.example")
    names = ("From", "To", "Contact", "Expires", "CSeq", "Authorization")
    assert [(asked.get_header(each) or "").split(";tag=")[0] for each in names] == [
        "<sip:homeshore@trunk.example>",
        "<sip:homeshore@trunk.example>",
        f"<{CONTACT}>",
        "600",
        "1 REGISTER",
        "",
    ]


def test_it_proves_who_it_is_and_is_registered_for_as_long_as_the_trunk_says(trunk):
    proved = trunk.after_a_proof()
    said = proof_in(proved)
    assert (said["username"], said["nonce"], said["nc"], proved.cseq.seq) == ('"homeshore"', '"n1"', "00000001", 2)
    others = f"<sip:homeshore@192.0.2.9>;expires=3000, <{CONTACT}>;expires=120"
    assert trunk.answers(proved, 200, more={"Contact": others, "Expires": "3000"}) == [Registered("account-1", 120)]


@pytest.mark.parametrize(("headers", "seconds"), [({"Expires": "300"}, 300), ({}, 600)])
def test_a_trunk_that_says_less_is_understood(trunk, headers, seconds):
    assert trunk.answers(trunk.registers(), 200, more=headers) == [Registered("account-1", seconds)]


def test_the_nonce_of_before_is_used_again_and_counted(trunk):
    trunk.answers(trunk.after_a_proof(), 200)
    again = trunk.registers()
    assert (proof_in(again)["nonce"], proof_in(again)["nc"], again.cseq.seq) == ('"n1"', "00000002", 3)


@pytest.mark.parametrize("more", ["", ", stale=true"])
def test_a_nonce_that_is_over_is_replaced(trunk, more):
    trunk.answers(trunk.after_a_proof(), 200)
    assert trunk.asks_for_proof(trunk.registers(), nonce="n2", more=more) == []
    [proved] = trunk.hears()
    assert (proof_in(proved)["nonce"], proof_in(proved)["nc"]) == ('"n2"', "00000001")
    assert trunk.answers(proved, 200) == [Registered("account-1", 600)]


def test_a_wrong_password_is_sent_once(trunk):
    proved = trunk.after_a_proof()
    assert trunk.asks_for_proof(proved, nonce="n2") == [NotRegistered("account-1", 401, 0)]
    assert trunk.hears() == []


def test_a_trunk_that_always_calls_its_nonce_over_is_not_asked_for_ever(trunk):
    request, events, asked = trunk.registers(), [], 1
    while not events:
        events = trunk.asks_for_proof(request, nonce=f"n{asked}", more=", stale=true")
        if not events:
            [request] = trunk.hears()
            asked += 1
    assert (events, asked) == ([NotRegistered("account-1", 401, 0)], 4)


def test_it_asks_for_as_long_as_the_trunk_wants_at_least(trunk):
    assert trunk.answers(trunk.registers(), 423, more={"Min-Expires": "1800"}) == []
    [longer] = trunk.hears()
    assert longer.get_header("Expires") == "1800"
    assert trunk.answers(longer, 423, more={"Min-Expires": "1800"}) == [NotRegistered("account-1", 423, 0)]


@pytest.mark.parametrize(("said", "seconds"), [("120", 120), ("60 (maintenance);duration=3600", 60), ("soon", 0)])
def test_a_trunk_that_cannot_now_says_when(trunk, said, seconds):
    assert trunk.answers(trunk.registers(), 503, more={"Retry-After": said}) == [
        NotRegistered("account-1", 503, seconds)
    ]


def test_a_trunk_that_says_nothing_is_given_up(trunk):
    trunk.registers()
    assert trunk.after(40) == [NotRegistered("account-1", 408, 0)]


def test_it_says_when_it_wants_no_more_calls(trunk):
    trunk.answers(trunk.after_a_proof(), 200)
    last = trunk.registers(seconds=0)
    assert last.get_header("Expires") == "0"
    assert trunk.answers(last, 200) == [Registered("account-1", 0)]


def test_an_answer_for_another_password_says_nothing_of_this_one(trunk):
    before = trunk.registers()
    trunk.registers(account=Account("trunk.example", "homeshore", "battery staple"))
    assert trunk.answers(before, 403) == []


class TestACallByAnAccount:
    @pytest.fixture
    def invite(self, trunk):
        trunk.tag = "ours"
        trunk.house.call(
            "ours", "+33145060708", shown="+33156070809", edge=EDGE, sdp="v=0 house", account=ACCOUNT, now=trunk.now
        )
        [invite] = trunk.hears()
        return invite

    def test_goes_to_the_server_of_the_account_and_shows_the_number(self, invite):
        assert (invite.uri, invite.get_header("P-Asserted-Identity")) == (
            "sip:+33145060708@trunk.example",
            "<sip:+33156070809@trunk.example>",
        )
        assert "<sip:homeshore@trunk.example>;tag=" in invite.get_header("From")

    @pytest.mark.parametrize("status", [401, 407])
    def test_is_asked_once_more_with_a_proof_and_answered(self, trunk, invite, status):
        assert trunk.asks_for_proof(invite, status=status) == []
        ack, proved = trunk.hears()
        assert (ack.method, ack.cseq.seq, proved.cseq.seq) == ("ACK", 1, 2)
        same = ("Call-ID", "From", "To", "P-Asserted-Identity", "X-Homeshore-Account")
        assert [proved.get_header(each) for each in same] == [invite.get_header(each) for each in same]
        assert (proof_in(proved)["uri"], proved.text) == ('"sip:+33145060708@trunk.example"', "v=0 house")
        events = trunk.answers(proved, 200, sdp="v=0 theirs", contact="<sip:them@192.0.2.7>", tag="theirs")
        assert events == [Answered("ours", "v=0 theirs")]
        assert statuses(trunk.hears()) == [("ACK", 0)]

    def test_fails_when_the_proof_is_refused(self, trunk, invite):
        trunk.asks_for_proof(invite, status=407)
        _, proved = trunk.hears()
        assert trunk.asks_for_proof(proved, nonce="n2", status=407) == [Failed("ours", 407)]

    def test_is_over_when_it_was_taken_back_before_the_trunk_asked(self, trunk, invite):
        trunk.house.hang_up("ours", now=trunk.now)
        assert trunk.asks_for_proof(invite, status=407) == [Ended("ours")]
        assert statuses(trunk.hears()) == [("ACK", 0)]

    def test_another_session_within_it_is_proved_too(self, trunk, invite):
        trunk.answers(invite, 200, sdp="v=0 theirs", contact="<sip:them@192.0.2.7>", tag="theirs")
        trunk.sent()
        trunk.house.ask("ours", "v=0 again", now=trunk.now)
        [asked] = trunk.hears()
        assert trunk.asks_for_proof(asked, status=407) == []
        _, proved = trunk.hears()
        assert (proof_in(proved)["nc"], proved.text) == ("00000001", "v=0 again")


def test_a_call_without_an_account_proves_nothing(trunk):
    assert trunk.asks_for_proof(trunk.is_called(), status=407) == [Failed("ours", 407)]
