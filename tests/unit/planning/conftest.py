from importlib.util import find_spec
from pathlib import Path

import pytest

# without the optional extra `planning` (uv sync --extra planning) there is nothing here to test
collect_ignore_glob = [] if all(map(find_spec, ("numpy", "numba", "scipy", "polars"))) else ["test_*.py"]

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
