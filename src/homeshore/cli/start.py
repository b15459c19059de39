"""Starting Django for a command; called inside commands, after they have set what the settings read."""

import os

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


def migrate_database(*, verbosity: int = 0) -> None:
    """Bring the database up to date; raises click.ClickException when it cannot be reached or the disk is full."""
    from django.core.management import call_command
    from django.db import DatabaseError

    from homeshore.foundation.answers import refusal_of

    try:
        if verbosity or _is_behind():
            call_command("migrate", interactive=False, verbosity=verbosity)
    except DatabaseError as error:
        said = refusal_of(error)
        raise click.ClickException(
            f"The database could not be brought up to date: {error}. {said or ''}".strip()
        ) from error


def _is_behind() -> bool:
    """Whether the database lacks a migration: asking is quicker than migrating where there is nothing to do."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
