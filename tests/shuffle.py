"""A queryset without an order comes back in any order, so that no test leans on the one a database happened to use."""

import random
from typing import Any

from django.db.models import QuerySet


def shuffle_unordered_querysets(monkeypatch: Any, seed: int) -> None:
    """Shuffle the rows of every queryset that asked for no order, as `seed` says."""
    fetch_all = QuerySet._fetch_all
    dice = random.Random(seed)

    def fetch_all_in_any_order(queryset: QuerySet) -> None:
        is_first_time = queryset._result_cache is None
        fetch_all(queryset)
        if is_first_time and not queryset.ordered:
            dice.shuffle(queryset._result_cache)

    monkeypatch.setattr(QuerySet, "_fetch_all", fetch_all_in_any_order)
