"""Starting Django for a command; called inside commands, after they have set what the settings read."""

import os

import click


def start_django() -> None:
    """Load the settings and the apps."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "homeshore.config.settings")
    import django

    django.setup(set_prefix=False)


def migrate_database(*, verbosity: int = 0) -> None:
    """Bring the database up to date; raises click.ClickException when it cannot be reached or the disk is full."""
    from django.core.management import call_command
    from django.db import DatabaseError

    from homeshore.foundation.answers import refusal_of

    try:
        call_command("migrate", interactive=False, verbosity=verbosity)
    except DatabaseError as error:
        said = refusal_of(error)
        raise click.ClickException(
            f"The database could not be brought up to date: {error}. {said or ''}".strip()
        ) from error
