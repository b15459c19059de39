"""What is installed from the wheel works on a machine that has neither Node nor this repository."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest

from tests.servers.ground import free_port, listens, wait_until

UV = shutil.which("uv") or str(Path(".tools/bin/uv").resolve())


@pytest.fixture(scope="module")
def installed(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of programs of a fresh environment in which the wheel is installed."""
    folder = tmp_path_factory.mktemp("wheel")
    run([UV, "build", "--quiet", "--wheel", "--out-dir", folder, root])
    (wheel,) = folder.glob("homeshore-*.whl")
    run([UV, "venv", "--quiet", folder / "venv"])
    run([UV, "pip", "install", "--quiet", "--python", folder / "venv", wheel])
    return folder / "venv" / "bin"


def run(command: list, **more) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False, **more)
    assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
    return done.stdout


def machine(installed: Path, home: Path) -> dict[str, str]:
    """The environment of a machine with the programs that were installed, and no others."""
    return {"PATH": str(installed), "HOME": str(home), "HOMESHORE_DATA_DIR": str(home / "data")}


@pytest.fixture(scope="module")
def address(installed: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where `homeshore demo` answers."""
    home = tmp_path_factory.mktemp("home")
    port = free_port()
    log = home / "log"
    with log.open("w") as output:
        site = subprocess.Popen(
            [installed / "homeshore", "demo", "--port", str(port)],
            env=machine(installed, home),
            cwd=home,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        wait_until(lambda: listens(port) or site.poll() is not None, what="start of the installed site", seconds=240)
        assert site.poll() is None, log.read_text()
        yield f"http://localhost:{port}"
    finally:
        site.terminate()
        assert site.wait(timeout=30) in (0, -15), log.read_text()


def read(address: str) -> str:
    with urlopen(address, timeout=10) as answer:
        return answer.read().decode()


def test_the_installed_site_brings_its_pages_and_all_their_assets(address: str):
    page = read(f"{address}/accounts/login/")
    assets = re.findall(r'(?:src|href)="(/static/[^"]+)"', page)
    assert any(asset.endswith(".js") for asset in assets)
    assert any(asset.endswith(".css") for asset in assets)
    assert all(read(address + asset) for asset in assets)


def test_the_installed_site_speaks_french(address: str):
    assert "Se connecter" in read(f"{address}/accounts/login/")


def test_the_installed_demonstration_has_a_shop_with_its_chat(address: str):
    shop = read(f"http://localhost:{int(address.rsplit(':', 1)[1]) + 1}/")
    (script,) = re.findall(r'<script src="([^"]+)"', shop)
    assert len(read(script)) > 1000


def test_the_installed_command_creates_the_database_and_finds_it_in_order(installed: Path, tmp_path: Path):
    run([installed / "homeshore", "migrate"], env=machine(installed, tmp_path))
    assert "in order" in run([installed / "homeshore", "check"], env=machine(installed, tmp_path))


def test_nothing_of_the_tests_or_the_islands_sources_is_installed(installed: Path):
    (package,) = (installed.parent / "lib").glob("python*/site-packages/homeshore")
    assert not list(package.rglob("*.ts"))
    assert not (package.parent / "tests").exists()
    assert (package / "web" / "static" / "built" / "manifest.json").exists()
