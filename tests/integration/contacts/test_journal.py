"""The journal of a floor: decided again, begun at checkpoints, forgotten with time."""

from datetime import timedelta

import pytest

from homeshore.contacts.models import Checkpoint, JournalEntry
from homeshore.contacts.router import checkpoints
from homeshore.contacts.router.checkpoints import canonical
from homeshore.contacts.router.journal import BrokenJournal, make_checkpoint, replay, state_after
from homeshore.contacts.router.router import FloorRouter
from homeshore.foundation import housekeeping

pytestmark = pytest.mark.django_db


@pytest.fixture
def busy(routed, queue, agent):
    """A floor on which something has happened."""
    routed.ready(agent)
    for number in range(4):
        routed.write_in(queue, thread=f"visitor-{number}")
        routed.after(15)
    return routed


def entries(floor):
    return JournalEntry.objects.filter(floor=floor).order_by("seq")


def test_a_new_owner_begins_with_a_checkpoint_and_not_with_an_entry_for_each_agent(routed, floor):
    assert [(each.seq, each.input["kind"]) for each in entries(floor)] == [(1, "PictureLaid")]
    assert checkpoints.last(floor.pk) == 1


def test_what_the_core_knew_after_an_input_is_found_again_byte_for_byte(busy, floor):
    assert canonical(state_after(floor.pk, seq=busy.router.state.seq)) == canonical(busy.router.state)


def test_what_it_knew_before_is_found_beyond_a_change_of_owner(busy, floor, clock, queue):
    seq, knew = busy.router.state.seq, canonical(busy.router.state)
    busy.router.release()
    busy.router = FloorRouter.take_over(floor.pk, owner="b:2:test", clock=clock)
    busy.write_in(queue, thread="later")

    assert canonical(state_after(floor.pk, seq=seq)) == knew
    assert [each.seq for each in replay(floor.pk) if not each.same] == []
    assert [each.epoch for each in replay(floor.pk, epoch=2)] == [2] * entries(floor).filter(epoch=2).count()


def test_a_checkpoint_is_made_once_the_journal_has_grown(busy, floor, clock, monkeypatch):
    assert make_checkpoint(floor.pk, at=clock.now()) is None
    monkeypatch.setattr(checkpoints, "EVERY", 5)

    assert make_checkpoint(floor.pk, at=clock.now()) == 6
    assert checkpoints.last(floor.pk) == 6
    assert canonical(state_after(floor.pk, seq=busy.router.state.seq)) == canonical(busy.router.state)


def test_what_is_kept_of_an_old_journal_can_still_be_decided_again(busy, floor, clock, monkeypatch, settings):
    monkeypatch.setattr(checkpoints, "EVERY", 5)
    make_checkpoint(floor.pk, at=clock.now())
    last = busy.router.state.seq
    clock.advance(days=settings.JOURNAL_DAYS, seconds=1)

    assert housekeeping.purge(now=clock.now())["journal entries"] == 6
    assert [each.seq for each in replay(floor.pk) if each.same] == list(range(7, last + 1))
    with pytest.raises(BrokenJournal, match="Nothing is kept"):
        state_after(floor.pk, seq=3)


def test_a_journal_that_leads_elsewhere_is_not_believed(busy, floor):
    offered = entries(floor).exclude(decided="").exclude(seq=1).first()
    JournalEntry.objects.filter(pk=offered.pk).update(decided="x")

    assert [each.seq for each in replay(floor.pk) if not each.same] == [offered.seq]
    with pytest.raises(BrokenJournal, match="decided otherwise"):
        state_after(floor.pk, seq=busy.router.state.seq)


def test_a_journal_without_its_checkpoint_is_refused_with_its_reason(busy, floor):
    Checkpoint.objects.all().delete()
    with pytest.raises(BrokenJournal, match="No checkpoint"):
        list(replay(floor.pk))


def test_a_young_journal_is_kept(busy, floor, clock):
    assert housekeeping.purge(now=clock.now() + timedelta(days=29))["journal entries"] == 0
