"""A customer at a page is left with a number outside the house: as the tables have it, and with real sound at both ends."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from homeshore.channels.voice import queries, services
from homeshore.channels.voice.embedded import companion_lines as lines
from homeshore.channels.voice.embedded import ends as browsers
from homeshore.channels.voice.embedded import life, passed_on
from homeshore.channels.voice.embedded.ends import End
from homeshore.channels.voice.models import Browser, Call, Caller, Companion, Leg, Number, Recording, Side, Signal
from homeshore.channels.voice.refusals import NoSuchCall, OnAnotherDevice
from homeshore.contacts.models import Message
from tests.e2e.telephone import make_tone
from tests.integration.channels.voice.asking import Asking
from tests.integration.channels.voice.drivers import VISITOR, EmbeddedEnds
from tests.integration.channels.voice.telephones import NUMBER, SipEnds
from tests.servers.called import CalledTelephone
from tests.servers.headset import Headset

pytestmark = pytest.mark.django_db

CUSTOMER, AGENT, OUTSIDE, RINGING = 440, 1000, 1700, 2100
AUDIBLE = -20
"""Decibels of full scale that a tone has at least when it arrives, and never when it should not."""


class Scene(Asking):
    """An agent who leaves a customer at a page with a number."""

    def ask(self, *, passes_on: bool = False) -> Companion:
        return services.ask_outside(
            call_id=self.call.pk,
            agent_id=self.asker.pk,
            by=self.asker.user,
            number="04 78 12 34 56",
            passes_on=passes_on,
            now=self.now,
        )

    @property
    def now(self):
        return self.board.floor.now

    @property
    def page(self) -> End:
        return self.board.ends.customer(self.call)

    @property
    def shown(self) -> str | None:
        """What the customer's page shows of its call, when it asks."""
        queue = self.board.queue.pk
        shown = queries.call_of_thread(queue_id=queue, thread_channel=VISITOR.channel, thread_key=VISITOR.key)
        return shown["state"] if shown else None


@pytest.fixture
def to_the_world(settings, queue):
    """The house knows a way to the trunk, and the brand has a number to show."""
    settings.SIP_LISTEN, settings.SIP_EDGE = ("127.0.0.1", 5080), ("127.0.0.1", 5060)
    return Number.objects.create(digits=NUMBER, queue=queue, operator=queue.operator, language="en")


class TestByTheTables:
    """What telephone and page tell is told by the test."""

    @pytest.fixture
    def ends(self, routed):
        return EmbeddedEnds(routed)

    @pytest.fixture
    def scene(self, board, ready, to_the_world, queue) -> Scene:
        scene = Scene(board, board.talk(), ready)
        Recording.objects.create(call=scene.call, operator=queue.operator, told_at=scene.now)
        return scene

    @pytest.fixture(params=["asked first", "as soon as they answer"])
    def left(self, scene, request) -> Scene:
        """The customer is left with whom the agent asked."""
        asked = scene.ask(passes_on=request.param != "asked first")
        assert services.outside_answered(companion_id=asked.pk, now=scene.now)
        if request.param == "asked first":
            scene.decide(services.hand_over)
        return scene

    def test_the_call_is_over_for_its_agent_and_goes_on_for_the_page_in_a_round_of_its_own(self, left):
        before, call = left.call, left.board.seen(left.call)
        assert (call.state, call.ended_by, call.why, call.round) == ("ended", "agent", "handed_over", before.round + 1)
        assert (call.contact.state, left.shown, left.beside) == ("active", "passed_on", [])
        assert Message.objects.filter(kind="note").last().body == "Appel passé au +33 4 78 12 34 56."
        left.board.close(call)
        assert (left.board.seen(call).settled, left.shown) == (True, "passed_on")
        page, other = Caller.objects.order_by("call__id", "id").filter(call=call).get(), Caller.objects.get(call=None)
        assert (page.opposite, other.opposite, page.stage, other.stage) == (other, page, "passed_on", "passed_on")

    def test_page_and_telephone_find_each_other_in_each_round(self, left):
        call = left.board.seen(left.call)
        assert browsers.say(left.page, round=call.round, kind="offer", body={"sdp": "theirs"}, now=left.now)
        assert not browsers.say(left.page, round=call.round - 1, kind="offer", body={"sdp": "late"}, now=left.now)
        assert passed_on.offered(call.pk) == passed_on.Offered(call.round, ["theirs"])
        assert passed_on.answer(call_id=call.pk, round=call.round, sdp="ours", now=left.now)
        said = [(each["kind"], each["body"]) for each in browsers.heard(left.page, after=0)]
        assert said == [("answer", {"sdp": "ours"})]
        for begin in (
            lambda: browsers.renew(left.page, round=call.round, now=left.now),
            lambda: passed_on.begin_round(call_id=call.pk, round=call.round + 1, now=left.now),
            lambda: browsers.join(left.board.ends.customer(call, "other-tab"), take_over=True, now=left.now),
        ):
            begin()
            begun = left.board.seen(call).round
            passed_on.begin_round(call_id=call.pk, round=begun - 1, now=left.now)
            assert passed_on.offered(call.pk) == passed_on.Offered(begun, [])
        assert begun == call.round + 3
        assert not passed_on.answer(call_id=call.pk, round=call.round, sdp="late", now=left.now)
        with pytest.raises(OnAnotherDevice):
            browsers.say(left.page, round=begun, kind="offer", body={}, now=left.now)

    def test_nobody_but_the_customer_has_a_part_in_it(self, left):
        agent = left.board.ends.agent(left.board.leg(left.call))
        for act in (
            lambda: browsers.say(agent, round=left.call.round + 1, kind="answer", body={}, now=left.now),
            lambda: browsers.join(agent, now=left.now),
            lambda: browsers.heard(agent, after=0),
        ):
            with pytest.raises(NoSuchCall):
                act()

    def test_the_page_hangs_up_and_nothing_is_left_of_it(self, left):
        assert not services.end_call(call_id=left.call.pk, by=Call.EndedBy.CUSTOMER, now=left.now)
        assert passed_on.end(call_id=left.call.pk, now=left.now)
        assert not passed_on.end(call_id=left.call.pk, now=left.now)
        other = Caller.objects.get()
        assert (other.stage, other.opposite, left.shown) == ("passed_on", None, None)
        assert not Browser.objects.filter(side=Side.CUSTOMER).exists()
        assert not Signal.objects.exists()
        with pytest.raises(NoSuchCall):
            browsers.say(left.page, round=left.call.round + 1, kind="offer", body={}, now=left.now)

    def test_a_page_that_gives_signs_of_life_is_let_be_and_one_that_is_closed_is_not_waited_for(self, left):
        for _ in range(20):
            left.board.floor.clock.advance(seconds=5)
            assert browsers.give_sign(left.page, now=left.now)
            life.end_what_is_dead(now=left.now)
        assert left.shown == "passed_on"
        browsers.leave(left.page, now=left.now)
        left.board.floor.clock.advance(seconds=browsers.RELOAD / timedelta(seconds=1) + 1)
        life.end_what_is_dead(now=left.now)
        assert (left.shown, Caller.objects.get().opposite) == (None, None)
        assert not browsers.give_sign(left.page, now=left.now)

    def test_a_house_that_was_away_gives_the_page_a_full_life(self, left):
        left.board.floor.clock.advance(seconds=300)
        life.grant_full_lives(now=left.now)
        left.board.floor.clock.advance(seconds=20)
        life.end_what_is_dead(now=left.now)
        assert left.shown == "passed_on"
        left.board.floor.clock.advance(seconds=15)
        life.end_what_is_dead(now=left.now)
        assert left.shown is None


@dataclass
class PageEnds(SipEnds):
    """A customer at a page, which is a headset; whom the agent asks is at a telephone."""

    page: Headset = field(kw_only=True)

    def customer_calls(self, queue_id: int) -> Call:
        return EmbeddedEnds(self.floor).customer_calls(queue_id)

    def agent_answers(self, leg: Leg) -> None:
        browsers.join(self.agent(leg), now=self.floor.now)

    def sound_reaches(self, side: Side, leg: Leg) -> None:
        services.sound_heard(call_id=leg.call_id, leg_number=leg.number, at_side=side, now=self.floor.now)

    def customer(self, call: Call) -> End:
        return EmbeddedEnds(self.floor).customer(call)

    def close(self) -> None:
        """Nobody in the house hangs up who was passed on: the page does."""
        for each in Caller.objects.filter(stage="passed_on", call__isnull=False):
            passed_on.end(call_id=each.call_id, now=self.floor.now)
        super().close()


@pytest.mark.sqlite  # the tables are asked above
class TestByTelephone:
    """sipp at the number, WebRTC at the page, Kamailio and rtpengine between them."""

    @pytest.fixture
    def page(self):
        headset = Headset(CUSTOMER)
        headset.microphone.set()
        yield headset
        headset.close()

    @pytest.fixture
    def ends(self, tmp_path, settings, running_telephony, routed, headset, page):
        settings.RTPENGINE_RECORDINGS = str(tmp_path)
        make_tone(tmp_path / "ringing.wav", RINGING, seconds=4, rate=8000)
        settings.SIP_LISTEN = ("127.0.0.1", running_telephony.house)
        settings.SIP_EDGE = ("127.0.0.1", running_telephony.edge)
        running_telephony.mend()
        ends = PageEnds(routed, running_telephony, headset, page=page)
        yield ends
        ends.close()

    @pytest.fixture
    def scene(self, board, ready, queue) -> RealScene:
        Number.objects.create(digits=NUMBER, queue=queue, operator=queue.operator, language="en")
        board.ends.headset.microphone.set()
        ends = board.ends
        ends.called = CalledTelephone(ends.stack.trunk, folder=ends.stack.folder, hertz=OUTSIDE)
        return RealScene(board, board.talk(), ready)

    @pytest.mark.parametrize("how", ["asked first", "as soon as they answer"])
    @pytest.mark.parametrize("who", ["page", "outside"])
    def test_the_two_speak_without_the_agent_until_one_of_them_hangs_up(self, scene, how, who):
        scene.leave(how)
        scene.until_they_speak()
        if who == "page":
            passed_on.end(call_id=scene.call.pk, now=scene.now)
        else:
            scene.telephone.hang_up()
        scene.until(lambda: scene.telephone.is_over and scene.shown is None, "the end at both")
        scene.until(lambda: not Caller.objects.exists(), "the telephone to forget both")

    def test_a_page_that_is_loaded_again_is_led_to_them_again(self, scene):
        scene.leave("asked first")
        scene.until_they_speak()
        for _ in range(2):
            browsers.renew(scene.page, round=scene.board.seen(scene.call).round, now=scene.now)
            scene.until_they_speak()

    def test_a_page_that_mends_its_line_begins_anew_with_them(self, scene):
        scene.leave("asked first")
        scene.until_they_speak()
        call = scene.board.seen(scene.call)
        browsers.say(scene.page, round=call.round, kind="offer", body={"sdp": "restarts ICE"}, now=scene.now)
        scene.until(lambda: scene.board.seen(call).round == call.round + 1, "another round")
        scene.until_they_speak()

    def test_they_are_brought_together_by_a_telephone_and_an_rtpengine_that_start_anew(self, scene):
        scene.leave("asked first")
        scene.restart_house()
        scene.until_they_speak()
        round = scene.board.seen(scene.call).round
        scene.restart_house()
        scene.board.ends.turn_for(0.3)
        scene.until_they_speak()
        assert scene.board.seen(scene.call).round == round
        scene.board.ends.stack.rtpengine.kill()
        scene.board.ends.stack.mend()
        scene.board.ends.pass_time(6)
        scene.until_they_speak()
        assert scene.board.seen(scene.call).round > round
        scene.restart_house()
        scene.telephone.hang_up()
        scene.until(lambda: not Caller.objects.exists(), "the telephone to forget both")
        assert scene.shown is None

    def test_when_the_page_falls_silent_the_other_is_hung_up(self, scene):
        scene.leave("asked first")
        scene.until_they_speak()
        scene.board.ends.page.hang_up()
        for _ in range(9):
            scene.board.ends.pass_time(5)
            browsers.give_sign(scene.page, now=scene.now)
        scene.until(lambda: scene.telephone.is_over and scene.shown is None, "the end at both")
        scene.until(lambda: not Caller.objects.exists(), "the telephone to forget both")

    def test_a_page_that_is_closed_before_it_was_led_to_them_holds_up_nobody(self, scene):
        scene.leave("asked first")
        browsers.leave(scene.page, now=scene.now)
        scene.board.ends.pass_time(9)
        life.end_what_is_dead(now=scene.now)
        scene.until(lambda: scene.telephone.is_over, "the end at the telephone")
        scene.until(lambda: not Caller.objects.exists(), "the telephone to forget both")


class RealScene(Scene):
    """... with sound. The page does what it is told to, whenever a round begins."""

    _met = 0
    _heard = 0

    @property
    def telephone(self) -> CalledTelephone:
        return self.board.ends.called

    def leave(self, how: str) -> None:
        asked = self.ask(passes_on=how != "asked first")
        end = lines.end_of(asked.pk, user=self.asker.user)
        self.until(lambda: bool(lines.heard(end, after=0)), "an offer for the agent's page")
        offer = lines.heard(end, after=0)[-1]
        answer = self.board.ends.headset.answer(offer["body"]["sdp"])
        lines.say(end, round=offer["round"], kind="answer", body={"sdp": answer}, now=self.now)
        if how == "asked first":
            here = Companion.objects.filter(pk=asked.pk, part="consult")
            self.until(here.exists, "them to answer")
            self.decide(services.hand_over)
        self.until(lambda: self.shown == "passed_on", "the page to be told")

    def restart_house(self) -> None:
        self.board.ends.house.close()
        self.board.ends.start_house()

    def until(self, done, what: str) -> None:
        self.board.ends.until(done, what)

    def until_they_speak(self) -> None:
        """Customer and who was asked hear each other, and nobody else."""
        page = self.board.ends.page
        self.until(lambda: self._hears(self.telephone.sound.loudness) == {CUSTOMER}, "them to hear the customer")
        self.until(lambda: self._hears(page.loudness) == {OUTSIDE}, "the customer to hear them")

    def _hears(self, loudness) -> set[int]:
        self._page_speaks()
        tones = [CUSTOMER, AGENT, OUTSIDE, RINGING]
        heard = self.board.ends.hearing(lambda: loudness(tones))
        return {hertz for hertz, loud in zip(tones, heard, strict=True) if loud > AUDIBLE}

    def _page_speaks(self) -> None:
        """Offer in a round that is new, and take what is answered."""
        page, round = self.board.ends.page, self.board.seen(self.call).round
        if round != self._met:
            self._met = round
            browsers.say(self.page, round=round, kind="offer", body={"sdp": page.offer()}, now=self.now)
        for said in browsers.heard(self.page, after=self._heard):
            self._heard = said["id"]
            page.accept(said["body"]["sdp"])
