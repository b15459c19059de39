from pathlib import Path

import pytest

for library in ("numpy", "numba", "scipy", "polars"):
    pytest.importorskip(library, reason="the planning engine's libraries are not installed: uv sync --extra planning")

REAL_DATA = Path(__file__).parents[4] / "shared" / "data"


def real_file(name: str) -> Path:
    path = REAL_DATA / name
    if not path.exists():
        pytest.skip(f"the real data is absent: {path}")
    return path


@pytest.fixture
def bank_volumes() -> Path:
    return real_file("bank_volumes_1999_6min.csv")


@pytest.fixture
def bank_calls() -> Path:
    return real_file("bank_calls_february_1999.tsv")
