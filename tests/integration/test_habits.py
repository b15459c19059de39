"""The habits that the test set-up enforces: each would let mistakes through silently if it stopped working."""

import psycopg
import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.template import Context, Template
from django.template.loader import render_to_string

from tests.factories import UserFactory
from tests.queries import queries_kept_as
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
def test_the_postgres_of_tests_that_kill_flushes_to_disk_as_in_production(postgres_url):
    with psycopg.connect(postgres_url) as connected:
        assert connected.execute("SHOW fsync").fetchone() == ("on",)


@pytest.mark.django_db
def test_queries_are_kept_by_verb_and_table(queries_as_before):
    with queries_as_before():
        list(ContentType.objects.filter(app_label="pay"))
        list(ContentType.objects.filter(app_label="people"))
        UserFactory.create()


@pytest.mark.django_db
def test_one_query_more_than_before_fails():
    kept = queries_kept_as({"SELECT django_content_type": 1})
    kept.__enter__()
    list(ContentType.objects.filter(app_label="pay"))
    list(ContentType.objects.filter(app_label="people"))
    with pytest.raises(AssertionError):
        kept.__exit__(None, None, None)
