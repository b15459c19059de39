"""What an act pays."""

from hypothesis import given
from hypothesis import strategies as st

from homeshore.pay.rating import Rated, RateLine, rate, spread

GENERAL = RateLine(1, "act", "acte", 120)
FOR_QUEUE = RateLine(2, "act", "acte, service client", 150, queue_id=7)
FOR_DISPOSITION = RateLine(3, "act", "remboursement", 180, disposition_id=9)
FOR_BOTH = RateLine(4, "act", "remboursement, service client", 210, queue_id=7, disposition_id=9)
LANGUAGE = RateLine(5, "supplement", "langue", 50, queue_id=7)
SUNDAY = RateLine(6, "supplement", "conseil", 30, disposition_id=9)
CARD = [SUNDAY, LANGUAGE, FOR_BOTH, FOR_DISPOSITION, FOR_QUEUE, GENERAL]


def test_the_most_specific_line_pays_and_every_fitting_supplement_is_added():
    assert rate(CARD, queue_id=7, disposition_id=9) == Rated(290, (FOR_BOTH, LANGUAGE, SUNDAY))


def test_a_line_for_the_disposition_goes_before_one_for_the_queue():
    assert rate([GENERAL, FOR_QUEUE, FOR_DISPOSITION], queue_id=7, disposition_id=9) == Rated(180, (FOR_DISPOSITION,))


def test_a_contact_that_ends_without_a_disposition_is_paid_by_the_open_lines():
    assert rate(CARD, queue_id=8, disposition_id=None) == Rated(120, (GENERAL,))


def test_of_two_lines_alike_the_older_one_holds():
    again = RateLine(11, "act", "acte", 999)
    assert rate([again, GENERAL], queue_id=1, disposition_id=None) == Rated(120, (GENERAL,))


def test_supplements_alone_pay_nothing_because_there_is_no_act_to_add_them_to():
    assert rate([LANGUAGE], queue_id=7, disposition_id=None) == Rated(0, ())


def test_the_spread_is_the_least_and_the_most_over_the_ways_to_end():
    assert spread(CARD, queue_id=7, dispositions=[8, 9, None]) == (200, 290)
    assert spread([FOR_BOTH], queue_id=1, dispositions=[9]) is None


lines = st.builds(
    RateLine,
    id=st.integers(1, 30),
    kind=st.sampled_from(["act", "supplement"]),
    label=st.just("x"),
    amount_cents=st.integers(0, 10_000),
    queue_id=st.none() | st.integers(1, 3),
    disposition_id=st.none() | st.integers(1, 3),
)
cards = st.lists(lines, max_size=12, unique_by=lambda line: line.id)
ends = st.none() | st.integers(1, 3)


@given(cards, st.integers(1, 3), ends, st.randoms(use_true_random=False))
def test_the_order_in_which_lines_are_written_changes_nothing(card, queue, end, random):
    shuffled = list(card)
    random.shuffle(shuffled)
    assert rate(shuffled, queue_id=queue, disposition_id=end) == rate(card, queue_id=queue, disposition_id=end)


@given(cards, st.integers(1, 3), ends)
def test_the_amount_is_the_sum_of_its_parts_with_one_act_at_most(card, queue, end):
    rated = rate(card, queue_id=queue, disposition_id=end)
    assert rated.amount_cents == sum(part.amount_cents for part in rated.parts)
    assert [part.kind for part in rated.parts][:1] in ([], ["act"])
    assert sum(part.kind == "act" for part in rated.parts) <= 1


@given(cards, st.integers(1, 3), ends, lines)
def test_a_line_that_does_not_fit_never_changes_what_an_act_pays(card, queue, end, stranger):
    elsewhere = RateLine(99, stranger.kind, "x", stranger.amount_cents, queue_id=77, disposition_id=end)
    assert rate([*card, elsewhere], queue_id=queue, disposition_id=end) == rate(
        card, queue_id=queue, disposition_id=end
    )
