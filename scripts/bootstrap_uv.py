"""Put uv into .tools/bin on a machine that has only Python 3.11: `python3 scripts/bootstrap_uv.py`.

The version, the file and its sha256 come from uv.lock, so a machine that boots itself runs the same uv as every other.
pip downloads the file where there is one; otherwise we fetch it ourselves, from the package index that pip or uv were
told to use (UV_INDEX_URL, UV_DEFAULT_INDEX, PIP_INDEX_URL), or else from the address in the lock file.
"""

from __future__ import annotations

import hashlib
import os
import platform
import re
import stat
import subprocess
import sys
import tempfile
import tomllib
import zipfile
from html import unescape
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urljoin, urlsplit
from urllib.request import urlopen

ROOT = Path(__file__).resolve().parent.parent
TOOLS = ROOT / ".tools" / "bin"


def locked_wheel() -> tuple[str, str, str]:
    """The version, address and sha256 of the uv wheel that fits this machine."""
    packages = tomllib.loads((ROOT / "uv.lock").read_text(encoding="utf-8"))["package"]
    uv = next(package for package in packages if package["name"] == "uv")
    for wheel in uv["wheels"]:
        if fits_this_machine(file_name(wheel["url"])):
            return uv["version"], wheel["url"], wheel["hash"].removeprefix("sha256:")
    raise SystemExit(
        f"uv has no ready build for {platform.system()} {platform.machine()}. "
        "Install uv yourself (https://docs.astral.sh/uv/) and run make again."
    )


def fits_this_machine(wheel: str) -> bool:
    machine = platform.machine().lower()
    if platform.system() == "Darwin":
        return "macosx" in wheel and machine in wheel
    libc = "manylinux" if platform.libc_ver()[0] == "glibc" else "musllinux"
    return libc in wheel and machine in wheel


def file_name(url: str) -> str:
    return urlsplit(url).path.rsplit("/", 1)[-1]


def download_with_pip(version: str, folder: Path) -> Path | None:
    """pip knows the proxies, mirrors and certificates of the machine better than we do; a bare Debian has no pip."""
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:"]
    found = subprocess.run([*command, f"--dest={folder}", f"uv=={version}"], capture_output=True, check=False)
    return next(folder.glob("uv-*.whl"), None) if found.returncode == 0 else None


def download_ourselves(url: str, folder: Path) -> Path:
    target = folder / file_name(url)
    for address in addresses(url):
        try:
            with urlopen(address, timeout=60) as response:
                target.write_bytes(response.read())
        except (URLError, OSError) as error:
            print(f"  {address}: {error}", file=sys.stderr)
        else:
            return target
    raise SystemExit(
        "uv could not be downloaded (see the addresses above). Check the network, or name a package index that "
        "can be reached: PIP_INDEX_URL=https://… make run"
    )


def addresses(url: str) -> list[str]:
    """Where the file may be had: at the index that was chosen, if any, then where the lock file says."""
    index = next(filter(None, map(os.environ.get, ("UV_DEFAULT_INDEX", "UV_INDEX_URL", "PIP_INDEX_URL"))), None)
    if index is None:
        return [url]
    page = index.rstrip("/") + "/uv/"
    try:
        with urlopen(page, timeout=60) as response:
            links = re.findall(r'href="([^"]+)"', response.read().decode())
    except (URLError, OSError) as error:
        print(f"  {page}: {error}", file=sys.stderr)
        return [url]
    return [urljoin(page, unescape(link)) for link in links if file_name(unescape(link)) == file_name(url)] + [url]


def install(wheel: Path, sha256: str) -> Path:
    """Unpack the one program in the wheel, if the file is the one that was locked."""
    if hashlib.sha256(wheel.read_bytes()).hexdigest() != sha256:
        raise SystemExit(
            f"{wheel.name} is not the file that uv.lock names (its sha256 differs): nothing was installed."
        )
    TOOLS.mkdir(parents=True, exist_ok=True)
    target = TOOLS / "uv"
    with zipfile.ZipFile(wheel) as archive:
        program = next(name for name in archive.namelist() if name.endswith("/scripts/uv"))
        unfinished = target.with_suffix(".part")
        unfinished.write_bytes(archive.read(program))
    unfinished.chmod(unfinished.stat().st_mode | stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH)
    unfinished.replace(target)
    return target


def main() -> None:
    version, url, sha256 = locked_wheel()
    print(f"This machine has no uv: fetching uv {version} into .tools/ …", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        wheel = download_with_pip(version, Path(folder)) or download_ourselves(url, Path(folder))
        print(f"uv is at {install(wheel, sha256).relative_to(ROOT)}")


if __name__ == "__main__":
    main()
