"""`homeshore plan`: from a file of history to a schedule and promises of income, and quick questions on the way."""

import click

from homeshore.planning.command.questions import compare, mix, staff
from homeshore.planning.command.whole import look, run


@click.group()
@click.option(
    "--language", type=click.Choice(["fr", "en"]), default="fr", show_default=True, help="Of messages and report."
)
@click.pass_context
def plan(context: click.Context, language: str) -> None:
    """Plan the work of homes: forecast, staff, schedule, and say what an hour should pay."""
    from homeshore.cli.start import start_django

    start_django()
    from django.utils import translation

    context.with_resource(translation.override(language))
    try:
        import homeshore.planning.engine  # noqa: F401
    except ImportError as missing:
        raise click.ClickException(str(missing)) from missing


for each in (look, run, staff, mix, compare):
    plan.add_command(each)
