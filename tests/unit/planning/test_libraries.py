import importlib.util
import runpy
from pathlib import Path

import pytest

import homeshore.planning.engine


def test_without_its_libraries_the_engine_says_what_to_install(monkeypatch):
    real = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "numba" else real(name))
    with pytest.raises(ImportError, match=r"needs numba: install .*pip install 'homeshore\[planning\]'"):
        runpy.run_path(str(Path(homeshore.planning.engine.__file__)))
