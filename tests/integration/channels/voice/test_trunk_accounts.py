"""A trunk that wants a login and a password, which is a real Kamailio behind the edge: registered, refused, lost and found again, and calls both
ways."""

import time
from dataclasses import replace
from datetime import timedelta

import pytest

from homeshore.channels.voice.models import Call, Caller, Number, TrunkAccount
from homeshore.channels.voice.sip import accounts
from homeshore.channels.voice.sip.accounts import Wanted
from homeshore.foundation.errors import Invalid, NotFound
from homeshore.foundation.models import AuditEntry, Role
from tests.e2e.telephone import make_tone
from tests.factories import OperatorFactory, QueueFactory, user_as
from tests.integration.channels.voice.telephones import CLAIRE, NUMBER
from tests.integration.channels.voice.test_calls_out import CallsOut
from tests.servers.caller import Telephone
from tests.servers.provider import HOST, LOGIN, Provider

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

PASSWORD = "correct horse"


class Subscriber:
    """A house with an account at a trunk."""

    def __init__(self, ends, queue, provider: Provider, administrator) -> None:
        self.ends, self.queue, self.provider, self.administrator = ends, queue, provider, administrator
        numbers = Number.objects.bulk_create(
            Number(digits=digits, queue=queue, operator=queue.operator, language="en")
            for digits in (NUMBER, "+33156070801")
        )
        self.numbers = [each.pk for each in numbers]
        self.account_id: int | None = None

    def sets(self, *, password: str = PASSWORD, active: bool = True, server: str = "") -> None:
        wanted = Wanted(server or self.provider.server, LOGIN, password, active, self.numbers)
        self.account_id = accounts.set_account(
            wanted,
            operator_id=self.queue.operator_id,
            account_id=self.account_id,
            by=self.administrator,
            now=self.ends.floor.now,
        ).pk

    @property
    def row(self) -> TrunkAccount:
        return TrunkAccount.objects.get(pk=self.account_id)

    @property
    def state(self) -> tuple[str, int | None]:
        return self.row.state, self.row.status

    def until(self, state: str, status: int | None = None) -> None:
        self.ends.until(lambda: self.state == (state, status), f"the account to be {state} ({status})")

    def asks_again(self) -> None:
        """Time passes until the trunk is asked again."""
        before = self.row.next_at
        self.ends.pass_time((before - self.ends.floor.now).total_seconds() + 1)
        self.ends.until(lambda: self.row.next_at != before, "the trunk to be asked again")

    def calls_in(self) -> Telephone:
        """A customer calls the number by the trunk, which does not know where its numbers lead."""
        customer = Telephone(self.provider.port, NUMBER, folder=self.ends.stack.folder, host=HOST)
        self.ends.customers[customer.port] = customer  # by whom it is closed
        return customer


@pytest.fixture
def provider(tmp_path, running_telephony):
    running_telephony.mend()
    provider = Provider(tmp_path, running_telephony.trunk, password=PASSWORD)
    provider.start()
    yield provider
    provider.stop()


@pytest.fixture
def subscriber(tmp_path, settings, running_telephony, provider, request, queue):
    settings.RTPENGINE_RECORDINGS = str(tmp_path)
    for name, hertz in {"ringing": 1700, "music": 300, "hold": 700}.items():
        make_tone(tmp_path / f"{name}.wav", hertz, seconds=4, rate=8000)
    make_tone_of_welcome(tmp_path)
    settings.SIP_LISTEN = ("127.0.0.1", running_telephony.house)
    settings.SIP_EDGE = ("127.0.0.1", running_telephony.edge)
    administrator = user_as(Role.OPERATOR_ADMIN, queue.operator)
    return Subscriber(request.getfixturevalue("sip_ends"), queue, provider, administrator)


def make_tone_of_welcome(folder) -> None:
    for language in ("fr", "en"):
        (folder / language).mkdir()
        make_tone(folder / language / "welcome.wav", 850, seconds=1, rate=8000)


def test_the_house_registers_and_its_calls_come_in_by_the_number_that_was_called(subscriber):
    subscriber.sets()
    subscriber.until("registered")
    assert 595 < (subscriber.row.until - subscriber.ends.floor.now).total_seconds() <= 600
    customer = subscriber.calls_in()
    subscriber.ends.until(lambda: customer.sound.packets > 0, "the customer to hear music")
    assert Caller.objects.get().number.digits == NUMBER
    customer.hang_up()
    subscriber.ends.until(lambda: customer.is_over and not Caller.objects.exists(), "the end at both")


@pytest.mark.parametrize("algorithm", ["MD5", "SHA-256"])
def test_a_call_that_the_house_places_is_proved_by_the_password_and_goes_on_as_any_other(
    subscriber, provider, ready, algorithm
):
    provider.stop()
    provider.algorithm = algorithm
    provider.start()
    subscriber.sets()
    subscriber.until("registered")
    out = CallsOut(subscriber.ends, subscriber.queue, ready)
    telephone = out.is_there()
    call = out.dials(CLAIRE)
    out.rings(call)
    out.until("connecting", call)
    out.talk(call)
    assert out.both_hear_each_other()
    assert telephone.saw == LOGIN
    telephone.hang_up()
    assert out.ended(call)[:2] == ("customer", "customer")


def test_a_call_with_a_wrong_password_could_not_be_connected(subscriber, ready):
    subscriber.sets(password="battery staple")
    subscriber.until("refused", 401)
    out = CallsOut(subscriber.ends, subscriber.queue, ready)
    telephone = out.is_there()
    call = out.dials(CLAIRE)
    out.headset_answers(call)
    assert out.ended(call)[:2] == ("network", "not_connected")
    assert not telephone.rang


def test_a_wrong_password_is_told_tried_ever_less_often_and_works_once_it_is_typed_right(subscriber):
    subscriber.sets(password="battery staple")
    subscriber.until("refused", 401)
    assert "login or password" in accounts.why_in_words(subscriber.row)
    since = subscriber.row.since
    subscriber.asks_again()
    subscriber.ends.until(lambda: subscriber.row.tries == 2, "another try")
    assert (subscriber.state, subscriber.row.since) == (("refused", 401), since)
    assert 55 < (subscriber.row.next_at - subscriber.ends.floor.now).total_seconds() <= 60
    subscriber.sets()
    subscriber.until("registered")


def test_it_is_registered_again_before_its_time_is_over_also_with_a_nonce_that_is(subscriber, provider):
    provider.stop()
    provider.nonce_seconds = 1
    provider.start()
    subscriber.sets()
    subscriber.until("registered")
    time.sleep(2.1)  # the trunk's own clock: its nonce is over
    before = subscriber.row.until
    subscriber.asks_again()
    subscriber.ends.until(lambda: subscriber.row.until > before, "the next registration")
    assert subscriber.state == ("registered", None)


def test_a_trunk_that_was_away_and_has_forgotten_the_house_brings_its_calls_again(subscriber, provider):
    subscriber.sets()
    subscriber.until("registered")
    provider.stop()
    subscriber.asks_again()
    subscriber.until("unanswered", 408)
    provider.start()
    subscriber.asks_again()
    subscriber.until("registered")
    customer = subscriber.calls_in()
    subscriber.ends.until(lambda: customer.sound.packets > 0, "the customer to hear music")
    customer.hang_up()
    subscriber.ends.until(lambda: customer.is_over and not Caller.objects.exists(), "the end at both")


def test_an_edge_that_was_killed_lets_the_trunk_in_again_at_once_also_a_call_that_came_meanwhile(
    subscriber, running_telephony
):
    subscriber.sets()
    subscriber.until("registered")
    subscriber.ends.turn_for(1.5)  # the house has seen the edge
    before = subscriber.ends.floor.now
    running_telephony.kamailio.kill()
    time.sleep(1.1)  # the edge tells seconds apart
    running_telephony.start_edge()
    customer = subscriber.calls_in()
    subscriber.ends.until(lambda: customer.sound.packets > 0, "the customer to hear music")
    assert subscriber.ends.floor.now == before, "nobody waited for the next registration"
    customer.hang_up()
    subscriber.ends.until(lambda: customer.is_over and not Caller.objects.exists(), "the end at both")


def test_an_edge_that_was_away_when_a_trunk_was_to_be_asked_brings_it_back_as_soon_as_it_is_there(
    subscriber, running_telephony
):
    subscriber.sets()
    subscriber.until("registered")
    running_telephony.kamailio.kill()
    time.sleep(1.1)  # the edge tells seconds apart
    subscriber.asks_again()
    subscriber.ends.pass_time(33)
    subscriber.until("unanswered", 408)
    tried = subscriber.row.next_at
    running_telephony.start_edge()
    subscriber.until("registered")
    assert subscriber.ends.floor.now < tried, "it did not wait for the next try"


def test_another_telephone_keeps_it_registered_when_one_was_killed(subscriber):
    subscriber.sets()
    subscriber.until("registered")
    before = subscriber.row.until
    subscriber.ends.house.close()
    subscriber.ends.start_house()
    subscriber.asks_again()
    subscriber.ends.until(lambda: subscriber.row.until > before, "the next registration")


def test_a_telephone_that_ends_has_the_trunk_bring_no_calls_and_the_next_one_has_them_again(subscriber):
    subscriber.sets()
    subscriber.until("registered")
    subscriber.ends.house.give_back(within=5)
    assert subscriber.state == ("new", None)
    customer = subscriber.calls_in()
    customer.process.wait(timeout=10)
    assert "received 'SIP/2.0 480 Not Registered" in customer.log.read_text()
    subscriber.ends.house.close()
    subscriber.ends.start_house()
    subscriber.until("registered")


def test_an_account_that_is_switched_off_is_registered_no_more(subscriber):
    subscriber.sets()
    subscriber.until("registered")
    subscriber.sets(password="", active=False)
    subscriber.until("off")
    customer = subscriber.calls_in()
    subscriber.ends.until(lambda: customer.is_over, "the customer to be refused")
    assert "received 'SIP/2.0 480 Not Registered" in customer.log.read_text()
    assert not Call.objects.exists()


class TestSettingUp:
    @pytest.fixture
    def wanted(self, queue):
        number = Number.objects.create(digits=NUMBER, queue=queue, operator=queue.operator)
        return Wanted("sip.trunk.example", "0033156070809", PASSWORD, True, [number.pk])

    def test_the_password_is_sealed_and_in_no_trail(self, queue, wanted, clock):
        administrator = user_as(Role.OPERATOR_ADMIN, queue.operator)
        account = accounts.set_account(wanted, operator_id=queue.operator_id, by=administrator, now=clock.now())
        assert PASSWORD not in account.secret
        assert accounts.as_signalled(account).password == PASSWORD
        [entry] = AuditEntry.objects.all()
        assert (entry.verb, PASSWORD in str(entry.data)) == ("trunk_account.added", False)
        assert [each.digits for each in accounts.accounts_of(queue.operator_id)[0].numbers.all()] == [NUMBER]

    def test_a_new_edge_has_those_trunks_asked_that_do_not_want_to_be_left_alone(self, queue, wanted, clock):
        now, later = clock.now(), clock.now() + timedelta(minutes=4)
        known = {"operator": queue.operator, "secret": "", "since": now, "next_at": later}
        TrunkAccount.objects.bulk_create(
            TrunkAccount(server=f"{state}-{status}.example", login="1", state=state, status=status, **known)
            for state, status in [
                ("registered", None),
                ("unanswered", 408),
                ("unanswered", 503),
                ("refused", 403),
            ]
        )
        assert accounts.ask_again(now=now) == 2
        due = TrunkAccount.objects.filter(next_at=now).order_by("server")
        assert [each.server for each in due] == ["registered-None.example", "unanswered-408.example"]

    @pytest.mark.parametrize(
        ("field", "value"),
        [("server", "sip:trunk.example"), ("server", "a b"), ("login", "me@trunk.example"), ("password", "")],
    )
    def test_what_could_not_work_is_refused(self, queue, wanted, clock, field, value):
        administrator = user_as(Role.OPERATOR_ADMIN, queue.operator)
        with pytest.raises(Invalid) as refused:
            accounts.set_account(
                replace(wanted, **{field: value}), operator_id=queue.operator_id, by=administrator, now=clock.now()
            )
        assert set(refused.value.fields) == {field}

    def test_a_password_goes_to_no_other_server_than_it_was_typed_for(self, queue, wanted, clock):
        administrator = user_as(Role.OPERATOR_ADMIN, queue.operator)
        account = accounts.set_account(wanted, operator_id=queue.operator_id, by=administrator, now=clock.now())
        another = replace(wanted, server="elsewhere.example", password="")
        with pytest.raises(Invalid) as refused:
            accounts.set_account(
                another, operator_id=queue.operator_id, account_id=account.pk, by=administrator, now=clock.now()
            )
        assert set(refused.value.fields) == {"password"}

    def test_each_operator_has_their_own_numbers_and_accounts(self, queue, wanted, clock):
        other = QueueFactory.create(channel="voice", brand__operator=OperatorFactory.create())
        administrator = user_as(Role.OPERATOR_ADMIN, other.operator)
        account = accounts.set_account(wanted, operator_id=other.operator_id, by=administrator, now=clock.now())
        assert (list(account.numbers.all()), accounts.accounts_of(queue.operator_id)) == ([], [])
        with pytest.raises(NotFound):
            accounts.account_with(queue.operator_id, account.pk)

    def test_one_telephone_takes_an_account_that_is_due(self, queue, wanted, clock):
        administrator = user_as(Role.OPERATOR_ADMIN, queue.operator)
        account = accounts.set_account(wanted, operator_id=queue.operator_id, by=administrator, now=clock.now())
        takes = [accounts.take_due(home=home, now=clock.now()) for home in ("one", "other")]
        assert [[each.pk for each in take] for take in takes] == [[account.pk], []]
        clock.advance(seconds=46)  # it was killed before it heard anything
        assert [each.pk for each in accounts.take_due(home="other", now=clock.now())] == [account.pk]

    def test_what_a_trunk_says_of_a_password_says_nothing_of_the_next_one(self, queue, wanted, clock):
        administrator = user_as(Role.OPERATOR_ADMIN, queue.operator)
        asked = {"operator_id": queue.operator_id, "by": administrator}
        account = accounts.set_account(wanted, **asked, now=clock.now())
        [taken] = accounts.take_due(home="one", now=clock.now())
        clock.advance(seconds=1)
        accounts.set_account(wanted, **asked, account_id=account.pk, now=clock.now())
        accounts.note_failed(account.pk, asked=taken.next_at, status=401, retry_after=0, now=clock.now())
        account.refresh_from_db()
        assert (account.state, account.next_at) == ("new", clock.now())
