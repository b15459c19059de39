"""`homeshore number`: which telephone number leads to which queue."""

import click
from django.utils.translation import gettext as _

from homeshore.cli.start import answers


@click.command()
@click.argument("digits")
@click.option("--queue", type=int, help="Identifier of the queue to which calls of this number go.")
@click.option(
    "--language", type=click.Choice(["fr", "en"]), default="fr", show_default=True, help="In which callers are met."
)
@click.option("--refuse", is_flag=True, help="Take no calls of this number any more.")
@answers
def number(digits: str, queue: int | None, language: str, refuse: bool) -> None:
    """Say where calls of the telephone number DIGITS go (+33123456789, or as the trunk writes it)."""
    from homeshore.channels.voice.sip import numbers
    from homeshore.foundation.clock import now
    from homeshore.foundation.errors import Refused

    if refuse:
        known = numbers.number_written(digits)
        if known is None:
            raise click.ClickException(_("%(number)s is no number of this house.") % {"number": digits})
        numbers.refuse(known, now=now())
        click.echo(_("Calls of %(number)s are refused from now on.") % {"number": digits})
        return
    if queue is None:
        raise click.UsageError(_("Say --queue, or --refuse."))
    try:
        led = numbers.lead(digits, queue_id=queue, language=language, now=now())
    except Refused as refusal:
        raise click.ClickException("\n".join(str(why) for why in refusal.fields.values())) from refusal
    click.echo(_("Calls of %(number)s go to the queue %(queue)s.") % {"number": led.digits, "queue": led.queue.name})
