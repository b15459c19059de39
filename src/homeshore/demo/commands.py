"""`homeshore demo`: everything in one process, for whoever wants to look."""

import logging
import os

import click
from django.conf import settings

from homeshore.demo.places import Places
from homeshore.demo.post_office import PostOffice, PostOfficeClosed


@click.command()
@click.option(
    "--port", type=int, help="Port of the site (HOMESHORE_PORT); the brands' pages and the post office come after it."
)
@click.option("--quiet-people", is_flag=True, help="Without simulated people.")
@click.option(
    "--beside", is_flag=True, help="Without the site: it runs already, on the same database, in processes of its own."
)
@click.option("--check", is_flag=True, help="Load the demonstration, say what would be served, and end.")
def demo(port: int | None, quiet_people: bool, beside: bool, check: bool) -> None:
    """Serve a demonstration with invented brands and simulated people."""
    os.environ["HOMESHORE_DEMO"] = "yes"
    if port is not None:
        os.environ["HOMESHORE_PORT"] = str(port)

    if check:
        _prepare()
        return
    with PostOffice() as post_office:
        places, site = _prepare()
        try:
            post_office.open(places, password=settings.DEMO_PASSWORD)
        except PostOfficeClosed as closed:
            raise click.ClickException(f"The demonstration's post office did not open at {places.letters}.") from closed
        _serve(places, site, with_people=not quiet_people, beside=beside)


def _prepare() -> tuple[Places, str]:
    """Bring database and demonstration up to date and say where they will be served: the ports, and the site's address."""
    from homeshore.cli.start import migrate_database, start_django

    start_django()
    migrate_database()

    from homeshore.demo import past
    from homeshore.demo.load import load
    from homeshore.foundation import clock

    places = Places(settings.PORT)
    now = clock.now()
    past.record(load(places, now=now), now=now)
    _say_where(places, settings.BASE_URL)
    return places, settings.BASE_URL


TALKATIVE = ("httpx", "uvicorn.error")
"""Loggers of libraries that would hide the addresses under each request."""


def _serve(places: Places, site: str, *, with_people: bool, beside: bool) -> None:
    from homeshore.cli.serve import PARTS, run
    from homeshore.demo import ready_plan, shops, simulation
    from homeshore.floor.simulation import offer
    from homeshore.foundation.processes import Part, register

    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)
    register("brand pages", lambda stop: shops.run(places, site, stop), part=Part.EVERY)
    register("ready plan", ready_plan.run, part=Part.EVERY)
    if with_people:
        offer(simulation)
        register("simulated people", lambda stop: simulation.run(places, stop), part=Part.EVERY)
    run([Part.EVERY] if beside else PARTS)


def _say_where(places: Places, site: str) -> None:
    from homeshore.demo import dataset

    accounts = [
        ("agent at the desk", dataset.AGENTS[0].email),
        ("supervisor on the floor", dataset.SUPERVISOR.email),
        ("planner", dataset.PLANNER[1]),
        ("administrator", dataset.ADMIN[1]),
        ("brand user", dataset.BRAND_USERS["maison-lavande"][1]),
    ]
    click.secho("Homeshore, a demonstration with invented brands and simulated people", bold=True)
    click.echo(f"  the site                {site}")
    click.echo(f"  a shop with its chat    http://localhost:{places.shop}")
    click.echo(f"  an insurer with a chat  http://localhost:{places.insurer}")
    click.echo(f"  mails, as a customer    http://localhost:{places.letters}   (to {dataset.LAVANDE.mail})")
    click.secho(f"Accounts, all with the password {dataset.PASSWORD}", bold=True)
    for role, email in accounts:
        click.echo(f"  {role:<23} {email}")
    click.echo("Stop with Ctrl C.")
