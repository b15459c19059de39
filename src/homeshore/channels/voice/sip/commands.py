"""`homeshore number`: which telephone number leads to which queue."""

import click

from homeshore.cli.start import start_django


@click.command()
@click.argument("digits")
@click.option("--queue", type=int, help="Identifier of the queue to which calls of this number go.")
@click.option(
    "--language", type=click.Choice(["fr", "en"]), default="fr", show_default=True, help="In which callers are met."
)
@click.option("--refuse", is_flag=True, help="Take no calls of this number any more.")
def number(digits: str, queue: int | None, language: str, refuse: bool) -> None:
    """Say where calls of the telephone number DIGITS go (+33123456789, or as the trunk writes it)."""
    start_django()
    from homeshore.channels.voice.sip import numbers
    from homeshore.foundation.clock import now
    from homeshore.foundation.errors import Refused

    if refuse:
        known = numbers.number_written(digits)
        if known is None:
            raise click.ClickException(f"{digits} is no number of this house.")
        numbers.refuse(known, now=now())
        click.echo(f"Calls of {digits} are refused from now on.")
        return
    if queue is None:
        raise click.UsageError("Say --queue, or --refuse.")
    try:
        led = numbers.lead(digits, queue_id=queue, language=language, now=now())
    except Refused as refusal:
        raise click.ClickException("\n".join(str(why) for why in refusal.fields.values())) from refusal
    click.echo(f"Calls of {led.digits} go to the queue {led.queue.name}.")
