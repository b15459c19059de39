"""Starting Django for a command; called inside commands, after they have set what the settings read."""

import os
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

import click


def start_django() -> None:
    """Load the settings and the apps; raises click.ClickException when the data folder cannot be written."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "homeshore.config.settings")
    import django

    try:
        django.setup(set_prefix=False)
    except OSError as error:
        raise click.ClickException(
            f"{error.filename or 'The data folder'} cannot be written: {error.strerror or error}. "
            "HOMESHORE_DATA_DIR says where the data folder is."
        ) from error


def answers(command: Callable[..., Any]) -> Callable[..., Any]:
    """A command that answers and ends: Django is started for it, and it speaks the terminal's language.

    What goes on, as `serve` does, speaks to everybody in a language of their own, and so is none of these.
    """

    @wraps(command)
    def answer(*given: Any, **named: Any) -> Any:
        start_django()
        from django.utils.translation import override

        with override(language_of_terminal(os.environ)):
            return command(*given, **named)

    return answer


def language_of_terminal(environment: Mapping[str, str]) -> str:
    """`fr` or `en`: what LC_ALL, LC_MESSAGES or LANG asks for, the first that is set (POSIX); English for any other."""
    asked = next((environment[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if environment.get(name)), "")
    return "fr" if asked.startswith("fr") else "en"


def migrate_database(*, verbosity: int = 0) -> None:
    """Bring the database up to date; raises click.ClickException when it cannot be reached or the disk is full."""
    from django.core.management import call_command
    from django.db import DatabaseError
    from django.utils.translation import gettext as _

    from homeshore.foundation.answers import refusal_of

    try:
        if verbosity or _is_behind():
            call_command("migrate", interactive=False, verbosity=verbosity)
    except DatabaseError as error:
        said = refusal_of(error)
        failed = _("The database could not be brought up to date: %(why)s.") % {"why": error}
        raise click.ClickException(f"{failed} {said or ''}".strip()) from error


def _is_behind() -> bool:
    """Whether the database lacks a migration: asking is quicker than migrating where there is nothing to do."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
