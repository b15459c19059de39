"""The process that answers the screens at once."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.servers.ground import wait_until

pytestmark = pytest.mark.sqlite  # no database is asked

SITE = """
import multiprocessing, os, django
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
django.setup()
from homeshore.planning import at_once
if __name__ == "__main__":
    patience, at_once.LOADING_SECONDS = at_once.LOADING_SECONDS, 0
    try:
        at_once.pdf_of("<p>Bonjour</p>")
    except at_once.NotNow:
        at_once.LOADING_SECONDS = 4 * patience
    loads = multiprocessing.active_children()[0].pid
    assert at_once.pdf_of("<p>Bonjour</p>").startswith(b"%PDF")
    assert multiprocessing.active_children()[0].pid == loads
    print(loads, flush=True)
    input()
"""


def test_it_goes_on_loading_for_who_asked_too_early_and_ends_with_the_site_also_when_that_is_killed(tmp_path):
    program = tmp_path / "site.py"
    program.write_text(SITE)
    with subprocess.Popen(
        [sys.executable, program],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={"PYTHONPATH": ":".join(sys.path)},
    ) as site:
        assert site.stdout is not None
        answers = Path("/proc") / site.stdout.readline().strip()
        assert answers.exists()

        site.kill()

    wait_until(lambda: not answers.exists(), what="the end of the process that answers")
