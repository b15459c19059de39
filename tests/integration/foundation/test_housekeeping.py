"""What is forgotten, and that one kind which cannot be forgotten keeps no other."""

from datetime import timedelta

import pytest
from django.db import OperationalError

from homeshore.foundation import feed, housekeeping
from tests.factories import OperatorFactory

pytestmark = pytest.mark.django_db


def test_a_kind_that_fails_keeps_no_other_from_being_forgotten(clock, monkeypatch, caplog):
    def fail(*, now):
        raise OperationalError("disk I/O error")

    monkeypatch.setitem(housekeeping._registered, "letters", housekeeping.Kind(fail))
    operator = OperatorFactory.create()
    feed.record(operator_id=operator.pk, topics=["floor:1"], kind="told", payload={}, at=clock.now())
    forgotten = housekeeping.purge(now=clock.now() + timedelta(days=400))
    assert (forgotten["events"], "letters" in forgotten) == (1, False)
    assert "Could not forget letters" in caplog.text
