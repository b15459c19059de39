"""Commands of whoever runs a site: database, checks, first operator, retention, settings."""

import click
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from homeshore.cli.start import answers, migrate_database


@click.command()
@answers
def migrate() -> None:
    """Bring the database up to date."""
    migrate_database(verbosity=1)


@click.command()
@answers
def check() -> None:
    """Check settings, database and migrations; ends with an error when something is wrong."""
    from django.core.management import CommandError, call_command
    from django.db import DatabaseError, connection
    from django.db.migrations.executor import MigrationExecutor

    try:
        call_command("check", databases=["default"], verbosity=0)
        executor = MigrationExecutor(connection)
    except (CommandError, DatabaseError) as error:
        raise click.ClickException(str(error)) from error
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if missing:
        names = ", ".join(f"{migration.app_label}.{migration.name}" for migration, _backwards in missing)
        raise click.ClickException(
            _("The database lacks these migrations: %(names)s. Run `homeshore migrate`.") % {"names": names}
        )
    click.echo(_("Settings and database (%(kind)s) are in order.") % {"kind": connection.vendor})


@click.command()
def settings() -> None:
    """List every setting, its value now and what it is for."""
    from homeshore.config import environment

    for each in environment.SETTINGS:
        value = "…" if each.name in environment.SECRETS and environment.read(each.name) else environment.read(each.name)
        click.echo(f"{environment.PREFIX}{each.name} = {value}\n    {each.meaning}")


@click.command()
@click.argument("name")
@click.option("--email", prompt="E-mail address of the administrator", help="Address of the first administrator.")
@click.option("--person", prompt="Name of the administrator", help="Name of the first administrator.")
@click.password_option(help="Password of the first administrator; asked for when it is not given.")
@click.option("--time-zone", default="Europe/Paris", show_default=True)
@click.option("--language", type=click.Choice(["fr", "en"]), default="fr", show_default=True)
@answers
def create_operator(name: str, email: str, person: str, password: str, time_zone: str, language: str) -> None:
    """Create an operator called NAME with its first administrator, and the floor that they see."""
    migrate_database()
    from homeshore.contacts.floors import default_floor
    from homeshore.foundation import services
    from homeshore.foundation.clock import now
    from homeshore.foundation.errors import Refused

    try:
        operator = services.create_operator(
            name=name, time_zone=time_zone, language=language, email=email, person=person, password=password, now=now()
        )
    except Refused as refusal:
        lines = [str(refusal), *(f"{field}: {why}" for field, why in refusal.fields.items())]
        raise click.ClickException("\n".join(lines)) from refusal
    default_floor(operator.pk)
    told = {"name": operator.name, "slug": operator.slug, "email": email}
    click.echo(_("%(name)s (%(slug)s) is there; %(email)s may sign in as its administrator.") % told)


@click.command()
@answers
def purge() -> None:
    """Forget what has been kept long enough: events, answers, sent messages, journals, sessions, customers' data."""
    from homeshore.foundation import housekeeping
    from homeshore.foundation.clock import now

    for what, count in housekeeping.purge(now=now()).items():
        click.echo(f"{count} {what} forgotten")


@click.command()
@click.argument("operator")
@click.argument("address")
@click.option("--reason", prompt="Who asked, and how", help="Kept in the audit trail; do not name the customer.")
@click.option("--yes", is_flag=True, help="Do not ask whether it is meant.")
@answers
def erase_customer(operator: str, address: str, reason: str, yes: bool) -> None:
    """Erase the customers of OPERATOR (its short name) who write from ADDRESS, at every brand: GDPR, article 17."""
    from homeshore.contacts import services
    from homeshore.contacts.queries.customers import by_address
    from homeshore.foundation.clock import now
    from homeshore.foundation.errors import Refused
    from homeshore.foundation.queries import operator_by_slug

    known = operator_by_slug(operator)
    if known is None:
        raise click.ClickException(_("There is no operator %(name)s.") % {"name": operator})
    found = by_address(known.pk, address)
    if not found:
        raise click.ClickException(
            _("No customer of %(operator)s writes from %(address)s.") % {"operator": known.name, "address": address}
        )
    for each in found:
        told = {"name": each.name, "brand": each.brand, "count": each.contacts, "day": each.since.date()}
        since = ngettext(
            "%(name)s, %(brand)s: %(count)s contact since %(day)s",
            "%(name)s, %(brand)s: %(count)s contacts since %(day)s",
            each.contacts,
        )
        click.echo(since % told)
    if not yes:
        click.confirm(_("Erase for good?"), abort=True)
    for each in found:
        try:
            gone = services.erase_customer(operator_id=known.pk, customer_id=each.id, by=None, reason=reason, now=now())
        except Refused as refusal:
            raise click.ClickException(f"{each.brand}: {refusal}") from refusal
        told = {"brand": each.brand, "messages": gone.messages, "files": gone.files}
        click.echo(_("%(brand)s: erased; messages: %(messages)s, files: %(files)s.") % told)
