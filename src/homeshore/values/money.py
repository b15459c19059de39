"""Money: integer cents with a currency, never a float."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

_CENT = Decimal("0.01")


class CurrencyMismatch(ValueError):
    """Two amounts of different currencies met where one currency was expected."""


@dataclass(frozen=True, slots=True, order=False)
class Money:
    """An exact amount: `cents` hundredths of `currency` (ISO 4217, three capitals). May be negative (a credit)."""

    cents: int
    currency: str = "EUR"

    def __post_init__(self) -> None:
        if isinstance(self.cents, bool) or not isinstance(self.cents, int):
            raise TypeError(f"Money counts whole cents; got {self.cents!r}. Use Money.of for a decimal amount.")
        if len(self.currency) != 3 or not self.currency.isalpha() or not self.currency.isupper():
            raise ValueError(f"A currency is an ISO 4217 code such as EUR; got {self.currency!r}.")

    @classmethod
    def of(cls, amount: Decimal, currency: str = "EUR") -> Money:
        """The amount rounded to the cent, half a cent away from zero (the commercial rule)."""
        if not isinstance(amount, Decimal):
            raise TypeError(f"Money.of takes a Decimal, so that nothing is lost; got {type(amount).__name__}.")
        return cls(int(amount.quantize(_CENT, ROUND_HALF_UP).scaleb(2)), currency)

    @classmethod
    def zero(cls, currency: str = "EUR") -> Money:
        return cls(0, currency)

    @property
    def amount(self) -> Decimal:
        """The exact decimal amount, two places."""
        return Decimal(self.cents).scaleb(-2)

    def times(self, rate: Decimal | int) -> Money:
        """The amount times an exact rate, rounded once to the cent."""
        if isinstance(rate, float):
            raise TypeError("A rate is a Decimal or an int, never a float.")
        return Money.of(self.amount * rate, self.currency)

    def __add__(self, other: Money) -> Money:
        return Money(self.cents + self._same(other), self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(self.cents - self._same(other), self.currency)

    def __neg__(self) -> Money:
        return Money(-self.cents, self.currency)

    def __lt__(self, other: Money) -> bool:
        return self.cents < self._same(other)

    def __le__(self, other: Money) -> bool:
        return self.cents <= self._same(other)

    def __gt__(self, other: Money) -> bool:
        return self.cents > self._same(other)

    def __ge__(self, other: Money) -> bool:
        return self.cents >= self._same(other)

    def __str__(self) -> str:
        return f"{self.amount} {self.currency}"

    def _same(self, other: Money) -> int:
        if not isinstance(other, Money):
            raise TypeError(f"Money meets only Money; got {type(other).__name__}.")
        if other.currency != self.currency:
            raise CurrencyMismatch(f"{self.currency} and {other.currency} cannot be put together; convert one first.")
        return other.cents


def total(amounts: Iterable[Money], currency: str = "EUR") -> Money:
    """The sum of the amounts; zero of `currency` when there are none."""
    result = Money.zero(currency)
    for amount in amounts:
        result = result + amount
    return result
