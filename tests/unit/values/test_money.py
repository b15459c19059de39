from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from homeshore.values.money import CurrencyMismatch, Money, total

cents = st.integers(-(10**12), 10**12)


def test_an_amount_is_rounded_to_the_cent_half_away_from_zero() -> None:
    assert Money.of(Decimal("1.005")) == Money(101)
    assert Money.of(Decimal("-1.005")) == Money(-101)
    assert Money.of(Decimal("2.674")) == Money(267)


def test_a_rate_is_applied_exactly_and_rounded_once() -> None:
    assert Money(1999).times(Decimal("0.2")) == Money(400)
    assert Money(333).times(3) == Money(999)


def test_currencies_do_not_mix() -> None:
    with pytest.raises(CurrencyMismatch, match="EUR and USD"):
        Money(1) + Money(1, "USD")
    with pytest.raises(CurrencyMismatch):
        _ = Money(1) < Money(1, "USD")


@pytest.mark.parametrize("wrong", [1.0, True, "1"])
def test_cents_are_whole(wrong: object) -> None:
    with pytest.raises(TypeError):
        Money(wrong)  # type: ignore[arg-type]


def test_a_float_is_never_a_rate_or_an_amount() -> None:
    with pytest.raises(TypeError):
        Money(100).times(0.2)  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        Money.of(0.2)  # type: ignore[arg-type]


@pytest.mark.parametrize("currency", ["eur", "EURO", "E1R", ""])
def test_a_currency_is_three_capitals(currency: str) -> None:
    with pytest.raises(ValueError, match="ISO 4217"):
        Money(1, currency)


@given(st.lists(cents))
def test_a_total_is_exact(amounts: list[int]) -> None:
    assert total([Money(item) for item in amounts]) == Money(sum(amounts))


@given(cents)
def test_an_amount_comes_back_from_its_decimal(amount: int) -> None:
    assert Money.of(Money(amount).amount) == Money(amount)


def test_it_reads_as_amount_and_currency() -> None:
    assert str(Money(-1205)) == "-12.05 EUR"
