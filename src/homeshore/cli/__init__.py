"""The `homeshore` command."""

import importlib
import importlib.util
import sys

import click

COMMANDS = {
    "serve": "homeshore.cli.serve:serve",
    "router": "homeshore.cli.serve:router",
    "channels": "homeshore.cli.serve:channels",
    "migrate": "homeshore.cli.site:migrate",
    "check": "homeshore.cli.site:check",
    "settings": "homeshore.cli.site:settings",
    "create-operator": "homeshore.cli.site:create_operator",
    "purge": "homeshore.cli.site:purge",
    "erase-customer": "homeshore.cli.site:erase_customer",
    "demo": "homeshore.demo.commands:demo",
    "number": "homeshore.channels.voice.sip.commands:number",
    "simulate": "homeshore.contacts.whatif.command:simulate",
    "replay": "homeshore.replay.commands:replay",
    "plan": "homeshore.planning.command:plan",
}


class Commands(click.Group):
    """Loads a command's module only when it is asked for, so that each starts fast."""

    def list_commands(self, context: click.Context) -> list[str]:
        return [name for name, place in COMMANDS.items() if importlib.util.find_spec(place.split(":")[0])]

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        if name not in self.list_commands(context):
            return None
        module, _, attribute = COMMANDS[name].partition(":")
        command: click.Command = getattr(importlib.import_module(module), attribute)
        return command


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="homeshore")
def homeshore() -> None:
    """A customer-service centre whose agents all work from home.

    Settings come from the environment (HOMESHORE_…); `homeshore settings` lists them.
    """


def main() -> None:
    """Run a command; a setting that cannot be read is said in one line."""
    from homeshore.config.environment import SettingError

    try:
        homeshore()
    except SettingError as error:
        click.secho(str(error), fg="red", err=True)
        sys.exit(2)
