"""The habits that the test set-up enforces: each would let mistakes through silently if it stopped working."""

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.template import Context, Template
from django.template.loader import render_to_string

from tests.shuffle import shuffle_unordered_querysets


@pytest.mark.django_db
def test_rows_without_an_order_come_in_any_order(monkeypatch):
    seen = set()
    for seed in range(20):
        with monkeypatch.context() as patch:
            shuffle_unordered_querysets(patch, seed)
            seen.add(tuple(ContentType.objects.values_list("pk", flat=True)))
    assert len(seen) > 1


@pytest.mark.django_db
def test_rows_with_an_order_keep_it():
    keys = list(ContentType.objects.order_by("pk").values_list("pk", flat=True))
    assert keys == sorted(keys)


def test_a_template_that_names_an_unknown_variable_fails():
    with pytest.raises(pytest.fail.Exception, match="nobody_gave_this"):
        Template("{{ nobody_gave_this }}").render(Context())


def test_a_template_of_a_library_may_name_an_unknown_variable():
    assert "." in render_to_string("account/messages/email_deleted.txt")


@pytest.mark.sqlite
@pytest.mark.django_db
def test_sqlite_is_a_file_as_in_production():
    assert "memory" not in str(connection.settings_dict["NAME"])
    with connection.cursor() as cursor:
        assert cursor.execute("PRAGMA journal_mode").fetchone() == ("wal",)


@pytest.mark.postgres
@pytest.mark.django_db
def test_postgres_flushes_to_disk_as_in_production():
    with connection.cursor() as cursor:
        assert cursor.execute("SHOW fsync").fetchone() == ("on",)
