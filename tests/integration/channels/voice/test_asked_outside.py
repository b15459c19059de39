"""An agent asks a number outside the house about a call: as the tables have it, and with real telephones at both ends."""

from __future__ import annotations

import pytest

from homeshore.channels.voice import services
from homeshore.channels.voice.embedded import companion_lines as lines
from homeshore.channels.voice.embedded import ends as browsers
from homeshore.channels.voice.embedded import life
from homeshore.channels.voice.models import Caller, Companion, Moment, Number, Recording
from homeshore.channels.voice.refusals import (
    AlreadyConsulting,
    ConsultationMoved,
    NoNumberToShow,
    NoTelephone,
    OwnNumber,
)
from homeshore.contacts.models import Assignment, Message
from homeshore.foundation.errors import Invalid
from homeshore.foundation.models import AuditEntry
from homeshore.outbound import services as outbound
from homeshore.outbound.models import Entry
from homeshore.outbound.refusals import MayNotCall
from tests.e2e.telephone import make_tone
from tests.integration.channels.voice.asking import Asking
from tests.integration.channels.voice.drivers import EmbeddedEnds
from tests.integration.channels.voice.telephones import NUMBER
from tests.servers.called import CalledTelephone, refuses
from tests.servers.headset import Headset

pytestmark = pytest.mark.django_db

NOTARY = "+33478123456"
CUSTOMER, AGENT, OUTSIDE, MUSIC, HOLD, RINGING = 440, 1000, 1700, 300, 700, 2100
AUDIBLE = -20
"""Decibels of full scale that a tone has at least when it arrives, and never when it should not."""


@pytest.fixture
def to_the_world(settings, queue):
    """The house knows a way to the trunk, and the brand has a number to show."""
    settings.SIP_LISTEN, settings.SIP_EDGE = ("127.0.0.1", 5080), ("127.0.0.1", 5060)
    return Number.objects.create(digits=NUMBER, queue=queue, operator=queue.operator, language="en")


class Scene(Asking):
    """What an agent does who asks a number."""

    def ask(self, number: str = "04 78 12 34 56", *, passes_on: bool = False) -> Companion:
        asked = services.ask_outside(
            call_id=self.call.pk,
            agent_id=self.asker.pk,
            by=self.asker.user,
            number=number,
            passes_on=passes_on,
            now=self.board.floor.now,
        )
        self.board.settle()
        return asked

    def answered(self, asked: Companion) -> Companion:
        assert services.outside_answered(companion_id=asked.pk, now=self.board.floor.now)
        self.board.settle()
        return asked

    def register(self) -> list[tuple[str, str]]:
        said = {"attempt": "purpose", "result": "result"}
        entries = Entry.objects.filter(party__number=NOTARY).order_by("position")
        return [(each.kind, str(each.data.get(said.get(each.kind, ""), ""))) for each in entries]


class TestByTheTables:
    """What telephones tell is told by the test; the customer is at a page."""

    @pytest.fixture
    def ends(self, routed):
        return EmbeddedEnds(routed)

    @pytest.fixture
    def scene(self, board, ready, to_the_world) -> Scene:
        return Scene(board, board.talk(), ready)

    def test_a_number_is_asked_alone_then_in_three_unrecorded_and_leaves(self, scene, queue):
        Recording.objects.create(call=scene.call, operator=queue.operator, told_at=scene.board.floor.now)
        asked = scene.ask()
        assert (scene.state, scene.beside) == ("held", [("+33 4 78 12 34 56", "asked")])
        dialled = Caller.objects.get(companion=asked)
        assert (dialled.called, dialled.number.digits, dialled.stage) == (NOTARY, NUMBER, "to_dial")
        scene.answered(asked)
        scene.answered(asked)
        assert (scene.state, scene.beside) == ("held", [("+33 4 78 12 34 56", "consult")])
        scene.decide(services.let_join)
        recording = Recording.objects.get()
        assert (scene.state, scene.beside, recording.pauses) == (
            "talking",
            [("+33 4 78 12 34 56", "join")],
            ["outside"],
        )
        assert services.outside_over(companion_id=asked.pk, why="left", now=scene.board.floor.now)
        assert not services.outside_over(companion_id=asked.pk, why="left", now=scene.board.floor.now)
        recording.refresh_from_db()
        assert (scene.state, scene.beside, recording.pauses) == ("talking", [], [])
        assert list(Moment.objects.order_by("id").values_list("kind", flat=True)) == [
            "held",
            "outside",
            "joined",
            "taken_back",
            "resumed",
            "parted",
        ]
        assert scene.register() == [("attempt", "consultation"), ("result", "reached")]
        trail = AuditEntry.objects.filter(verb__startswith="call.").order_by("id")
        assert [(each.verb, each.actor, each.data["number"]) for each in trail] == [
            (verb, scene.asker.user, NOTARY) for verb in ("call.asked_outside", "call.joined", "call.left")
        ]
        assert Message.objects.get(kind="note").body.endswith("+33 4 78 12 34 56.")
        assert Assignment.objects.get().agent == scene.asker

    def test_who_does_not_answer_leaves_the_customer_on_hold_with_the_asker_and_the_attempt_in_the_register(
        self, scene, board
    ):
        for why in ("busy", "no_answer"):
            asked = scene.ask()
            services.outside_over(companion_id=asked.pk, why=why, now=board.floor.now)
            assert (scene.how_it_ended(asked), scene.state, scene.beside) == (why, "held", [])
            assert not services.outside_answered(companion_id=asked.pk, now=board.floor.now)
        assert scene.register() == [("attempt", "consultation"), ("result", "nobody")] * 2
        assert not Message.objects.filter(kind="note").exists()

    def test_the_asker_takes_the_call_back_whether_or_not_they_answered(self, scene):
        for answers in (False, True):
            asked = scene.ask()
            if answers:
                scene.answered(asked)
            scene.decide(services.take_back)
            assert (scene.how_it_ended(asked), scene.state, scene.beside) == ("taken_back", "talking", [])
            with pytest.raises(ConsultationMoved):
                scene.decide(services.take_back)

    def test_a_rule_or_a_number_that_may_not_be_asked_leaves_the_customer_where_they_are(self, scene, board, queue):
        for wrong in ("0899 12 34 56", "0820 123 456", "15", "douze"):
            with pytest.raises(Invalid):
                scene.ask(wrong)
        with pytest.raises(OwnNumber):
            scene.ask(NUMBER)
        party = outbound.open_party(operator_id=queue.operator_id, brand_id=queue.brand_id, number=NOTARY)
        outbound.record_opposition(
            operator_id=queue.operator_id, party_id=party.pk, how="by phone", by=scene.asker.user, now=board.floor.now
        )
        with pytest.raises(MayNotCall):
            scene.ask()
        assert scene.register() == [("opposition", ""), ("stopped", "")]
        assert (scene.state, scene.beside, Caller.objects.count()) == ("talking", [], 0)

    def test_nobody_is_asked_beside_another_nor_where_there_is_no_telephone_or_no_number(
        self, scene, settings, to_the_world
    ):
        scene.ask()
        with pytest.raises(AlreadyConsulting):
            scene.ask("04 78 12 34 57")
        scene.decide(services.take_back)
        to_the_world.active = False
        to_the_world.save()
        with pytest.raises(NoNumberToShow):
            scene.ask()
        settings.SIP_EDGE = None
        with pytest.raises(NoTelephone):
            scene.ask()

    @pytest.mark.parametrize("stage", ["asked", "consult", "join"])
    @pytest.mark.parametrize("who", ["customer", "asker", "outside"])
    def test_whoever_goes_away_the_others_are_not_left_with_nobody(self, scene, board, stage, who):
        asked = scene.ask()
        if stage != "asked":
            scene.answered(asked)
        if stage == "join":
            scene.decide(services.let_join)
        alive = {
            "customer": lambda: browsers.give_sign(board.ends.customer(scene.call), now=board.floor.now),
            "asker": lambda: browsers.give_sign(board.ends.agent(board.leg(scene.call)), now=board.floor.now),
            "outside": lambda: services.give_companion_sign(companion_id=asked.pk, by=None, now=board.floor.now),
        }
        del alive[who]
        for _ in range(20):
            board.floor.clock.advance(seconds=5)
            for sign in alive.values():
                sign()
            life.end_what_is_dead(now=board.floor.now)
            services.follow_all(now=board.floor.now)
        board.settle()
        contact = board.seen(scene.call).contact
        if who == "customer":
            assert (scene.how_it_ended(asked), scene.state, contact.state) == ("ended", "ended", "active")
        elif who == "asker":
            assert (scene.how_it_ended(asked), contact.state) == ("agent_lost", "waiting")
        else:
            why = "unanswered" if stage == "asked" else "lost"
            assert (scene.how_it_ended(asked), scene.state) == (why, "talking" if stage == "join" else "held")


@pytest.mark.sqlite  # the telephone asks nothing of the tables that the driver in browsers does not
class TestByTelephone:
    """sipp at both ends, Kamailio and rtpengine between them; the agent's page is two headsets, one for each line."""

    @pytest.fixture
    def ends(self, tmp_path, settings, running_telephony, request):
        settings.RTPENGINE_RECORDINGS = str(tmp_path)
        for name, hertz in {"ringing": RINGING, "music": MUSIC, "hold": HOLD}.items():
            make_tone(tmp_path / f"{name}.wav", hertz, seconds=4, rate=8000)
        for name in ("welcome", "next", "patience", "place-2"):
            (tmp_path / "en").mkdir(exist_ok=True)
            make_tone(tmp_path / "en" / f"{name}.wav", MUSIC, seconds=1, rate=8000)
        settings.SIP_LISTEN = ("127.0.0.1", running_telephony.house)
        settings.SIP_EDGE = ("127.0.0.1", running_telephony.edge)
        return request.getfixturevalue("sip_ends")

    @pytest.fixture
    def second_line(self):
        headset = Headset(AGENT)
        headset.microphone.set()
        yield headset
        headset.close()

    @pytest.fixture
    def scene(self, board, ready, second_line):
        scene = TelephoneScene(board, board.talk(), ready)
        scene.second_line = second_line
        return scene

    def test_they_hear_the_agent_alone_music_while_they_wait_and_are_hung_up_when_the_call_is_taken_back(self, scene):
        telephone = scene.is_there()
        asked = scene.ask()
        scene.agents_page_answers(asked)
        scene.until(lambda: telephone.rang, "the number to ring")
        assert telephone.saw == NUMBER
        scene.until(lambda: scene.second_line.hears, "the agent to hear it ring")
        assert scene.heard_by_agent() == {RINGING}
        scene.until_part(asked, "consult")
        scene.until(lambda: scene.heard_by(telephone) == {AGENT}, "them to hear the agent")
        assert (scene.heard_by_agent(), scene.heard_by(scene.customer)) == ({OUTSIDE}, {HOLD})
        services.hold(call_id=scene.call.pk, agent_id=scene.asker.pk, on=False, now=scene.board.floor.now)
        scene.until(lambda: scene.heard_by(telephone) == {HOLD}, "them to hear music while they wait")
        scene.decide(services.let_join)
        scene.until(lambda: scene.heard_by(telephone) == {AGENT}, "them to hear what the agent's page sends")
        scene.decide(services.take_back)
        scene.until(lambda: telephone.is_over, "the end at theirs")
        assert (scene.how_it_ended(asked), scene.state) == ("taken_back", "talking")
        scene.until(lambda: Caller.objects.count() == 1, "the telephone to forget them")

    @pytest.mark.parametrize("how", ["asked first", "as soon as they answer"])
    @pytest.mark.parametrize("who", ["customer", "outside"])
    def test_a_call_that_is_handed_over_goes_on_without_the_agent_until_one_of_the_two_hangs_up(self, scene, how, who):
        telephone = scene.is_there()
        asked = scene.ask(passes_on=how != "asked first")
        scene.agents_page_answers(asked)
        if how == "asked first":
            scene.until_part(asked, "consult")
            scene.decide(services.hand_over)
        scene.until(lambda: scene.state == "ended", "the end of the call for its agent")
        scene.until_they_speak()
        call = scene.board.seen(scene.call)
        assert (call.ended_by, call.why, call.contact.state) == ("agent", "handed_over", "active")
        assert (scene.how_it_ended(asked), scene.register()[-1]) == ("handed_over", ("result", "reached"))
        scene.board.close(call)
        assert scene.board.seen(scene.call).settled
        notes = [each.body.split(" +")[0] for each in Message.objects.filter(kind="note").order_by("id")]
        assert notes == ["A parlé avec le"] * (how == "asked first") + ["Appel passé au"]
        assert scene.heard_by(telephone) == {CUSTOMER}
        (scene.customer if who == "customer" else telephone).hang_up()
        scene.until(lambda: telephone.is_over and scene.customer.is_over, "the end at both")
        scene.until(lambda: not Caller.objects.exists(), "the telephone to forget both")

    def test_two_who_were_passed_on_are_brought_together_by_a_telephone_that_starts_anew(self, scene):
        scene.is_there()
        asked = scene.ask()
        scene.agents_page_answers(asked)
        scene.until_part(asked, "consult")
        scene.board.ends.house.close()
        scene.board.ends.start_house()
        scene.decide(services.hand_over)
        scene.until_they_speak()
        scene.board.ends.house.close()
        scene.board.ends.start_house()
        scene.board.ends.turn_for(0.3)
        scene.until_they_speak()
        scene.board.ends.stack.rtpengine.kill()
        scene.board.ends.stack.mend()
        scene.board.ends.pass_time(6)
        scene.until_they_speak()
        scene.customer.hang_up()
        scene.until(lambda: not Caller.objects.exists(), "the telephone to forget both")

    def test_when_the_line_of_one_of_two_who_were_passed_on_is_cut_the_other_is_hung_up(self, scene):
        telephone = scene.is_there()
        asked = scene.ask()
        scene.agents_page_answers(asked)
        scene.until_part(asked, "consult")
        scene.decide(services.hand_over)
        scene.until_they_speak()
        scene.customer.break_line()
        for _ in range(9):
            scene.board.ends.pass_time(5)
        scene.until(lambda: telephone.is_over, "the end at who was asked")
        scene.until(lambda: not Caller.objects.exists(), "the telephone to forget both")

    def test_an_agents_page_that_is_loaded_again_finds_them_back(self, scene):
        telephone = scene.is_there()
        asked = scene.ask()
        scene.agents_page_answers(asked)
        scene.until_part(asked, "consult")
        services.renew_all(call_id=scene.call.pk, now=scene.board.floor.now)
        scene.agents_page_answers(asked)
        scene.until(lambda: scene.heard_by(telephone) == {AGENT}, "them to hear the agent again")
        assert scene.heard_by_agent() == {OUTSIDE}

    def test_a_number_that_is_busy_or_hangs_up_is_said_to_the_agent(self, scene):
        scene.is_there(refuses(486))
        asked = scene.ask()
        scene.agents_page_answers(asked)
        scene.until(lambda: scene.how_it_ended(asked) != "", "their refusal")
        assert (scene.how_it_ended(asked), scene.state) == ("busy", "held")
        telephone = scene.is_there()
        asked = scene.ask()
        scene.agents_page_answers(asked)
        scene.until_part(asked, "consult")
        telephone.hang_up()
        scene.until(lambda: scene.how_it_ended(asked) != "", "their hanging up")
        assert (scene.how_it_ended(asked), scene.state) == ("left", "held")


class TelephoneScene(Scene):
    """... with telephones."""

    second_line: Headset

    def is_there(self, first: str | None = None) -> CalledTelephone:
        """A telephone at the number that is asked."""
        ends = self.board.ends
        if ends.called:
            ends.called.close()
        ends.called = CalledTelephone(
            ends.stack.trunk, folder=ends.stack.folder, hertz=OUTSIDE, first=first, answers=first is None
        )
        return ends.called

    @property
    def customer(self):
        return self.board.ends.customers[self.call.pk]

    def agents_page_answers(self, asked: Companion) -> None:
        """The agent's page takes its end of the line, as it does with a colleague's."""
        end = lines.end_of(asked.pk, user=self.asker.user)

        def offers() -> list[dict]:
            end.companion.refresh_from_db()
            return [each for each in lines.heard(end, after=0) if each["kind"] == "offer"]

        self.until(lambda: bool(offers()), "an offer for the agent's page")
        offer = offers()[-1]
        answer = self.second_line.answer(offer["body"]["sdp"])
        lines.say(end, round=offer["round"], kind="answer", body={"sdp": answer}, now=self.board.floor.now)

    def until(self, done, what: str) -> None:
        self.board.ends.until(done, what)

    def until_part(self, asked: Companion, part: str) -> None:
        here = Companion.objects.filter(pk=asked.pk, part=part)
        self.until(here.exists, f"who is asked to be in {part}")

    def until_they_speak(self) -> None:
        """Customer and who was asked hear each other, and nobody else."""
        telephone = self.board.ends.called
        assert telephone
        self.until(lambda: self.heard_by(telephone) == {CUSTOMER}, "who was asked to hear the customer")
        self.until(lambda: self.heard_by(self.customer) == {OUTSIDE}, "the customer to hear who was asked")

    def heard_by(self, telephone) -> set[int]:
        return self._heard(telephone.sound.loudness)

    def heard_by_agent(self) -> set[int]:
        """... by the line to who is asked."""
        return self._heard(self.second_line.loudness)

    def _heard(self, loudness) -> set[int]:
        tones = [CUSTOMER, AGENT, OUTSIDE, MUSIC, HOLD, RINGING]
        heard = self.board.ends.hearing(lambda: loudness(tones))
        return {hertz for hertz, loud in zip(tones, heard, strict=True) if loud > AUDIBLE}
