"""A bare machine gets the uv that was locked, and nothing else."""

import hashlib
import zipfile
from pathlib import Path

import pytest

from scripts import bootstrap_uv


@pytest.fixture
def wheel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(bootstrap_uv, "TOOLS", tmp_path / "tools")
    path = tmp_path / "uv-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("uv-1.0.data/scripts/uv", b"#!/bin/sh\necho uv 1.0\n")
    return path


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_the_locked_file_is_installed_and_can_run(wheel: Path):
    program = bootstrap_uv.install(wheel, sha256(wheel))
    assert program.read_bytes() == b"#!/bin/sh\necho uv 1.0\n"
    assert program.stat().st_mode & 0o111 == 0o111


def test_another_file_is_refused(wheel: Path):
    with pytest.raises(SystemExit, match="nothing was installed"):
        bootstrap_uv.install(wheel, "0" * 64)
    assert not bootstrap_uv.TOOLS.exists()


@pytest.mark.parametrize(
    ("system", "machine", "libc", "fits"),
    [
        ("Linux", "x86_64", "glibc", "uv-1-py3-none-manylinux_2_17_x86_64.manylinux2014_x86_64.whl"),
        ("Linux", "aarch64", "glibc", "uv-1-py3-none-manylinux_2_28_aarch64.whl"),
        ("Linux", "x86_64", "", "uv-1-py3-none-musllinux_1_1_x86_64.whl"),
        ("Darwin", "arm64", "", "uv-1-py3-none-macosx_11_0_arm64.whl"),
    ],
)
def test_the_wheel_fits_the_machine(monkeypatch, system, machine, libc, fits):
    monkeypatch.setattr(bootstrap_uv.platform, "system", lambda: system)
    monkeypatch.setattr(bootstrap_uv.platform, "machine", lambda: machine)
    monkeypatch.setattr(bootstrap_uv.platform, "libc_ver", lambda: (libc, ""))
    wheels = [
        "uv-1-py3-none-macosx_10_12_x86_64.whl",
        "uv-1-py3-none-macosx_11_0_arm64.whl",
        "uv-1-py3-none-manylinux_2_17_x86_64.manylinux2014_x86_64.whl",
        "uv-1-py3-none-manylinux_2_28_aarch64.whl",
        "uv-1-py3-none-musllinux_1_1_x86_64.whl",
        "uv-1-py3-none-win_amd64.whl",
    ]
    assert next(wheel for wheel in wheels if bootstrap_uv.fits_this_machine(wheel)) == fits


def test_the_index_that_was_chosen_is_asked_first(monkeypatch, tmp_path):
    (tmp_path / "uv").mkdir()
    (tmp_path / "uv" / "index.html").write_text(
        '<a href="../files/uv-1.whl#sha256=00">uv-1.whl</a> <a href="uv-2.whl">'
    )
    monkeypatch.setenv("PIP_INDEX_URL", "https://mirror.example/simple")
    monkeypatch.setattr(bootstrap_uv, "urlopen", lambda address, timeout: (tmp_path / "uv" / "index.html").open("rb"))
    assert bootstrap_uv.addresses("https://files.example/aa/uv-1.whl") == [
        "https://mirror.example/simple/files/uv-1.whl#sha256=00",
        "https://files.example/aa/uv-1.whl",
    ]


def test_without_an_index_the_lock_file_says_where(monkeypatch):
    for name in ("UV_DEFAULT_INDEX", "UV_INDEX_URL", "PIP_INDEX_URL"):
        monkeypatch.delenv(name, raising=False)
    assert bootstrap_uv.addresses("https://files.example/uv-1.whl") == ["https://files.example/uv-1.whl"]


def test_uv_lock_names_a_uv_for_this_machine():
    version, url, sha = bootstrap_uv.locked_wheel()
    assert f"uv-{version}-" in url
    assert len(sha) == 64
