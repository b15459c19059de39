"""Pages name an island, and get what the build made of it."""

import json

import pytest

from homeshore.web import assets


@pytest.fixture
def built(tmp_path, monkeypatch, settings):
    """A build whose desk imports a shared chunk with a sheet of its own."""
    settings.DEBUG = True  # read the manifest each time
    monkeypatch.setattr(assets, "BUILT", tmp_path)
    chunks = {
        "src/desk/main.ts": {"file": "assets/desk-1.js", "name": "desk", "isEntry": True, "imports": ["_shared-2.js"]},
        "_shared-2.js": {"file": "assets/shared-2.js", "css": ["assets/shared-3.css"]},
    }
    (tmp_path / "manifest.json").write_text(json.dumps(chunks))
    return tmp_path


def test_an_island_brings_its_sheets_its_script_and_what_that_imports(built):
    assert str(assets.tags("desk")) == (
        '<link rel="stylesheet" href="/static/built/assets/shared-3.css">\n'
        '<link rel="modulepreload" href="/static/built/assets/shared-2.js">\n'
        '<script type="module" src="/static/built/assets/desk-1.js"></script>'
    )


def test_an_island_that_was_not_built_is_named(built):
    with pytest.raises(assets.AssetsNotBuilt, match="no island called “floor”"):
        assets.tags("floor")


def test_without_a_build_one_is_told_how_to_make_it(built):
    (built / "manifest.json").unlink()
    with pytest.raises(assets.AssetsNotBuilt, match="make assets"):
        assets.tags("desk")


def test_every_icon_has_a_name_of_its_own():
    sprite = str(assets.icon_sprite())
    names = [part.split('"')[0] for part in sprite.split('<symbol id="')[1:]]
    assert len(names) == len(set(names)) > 50
    assert "<script" not in sprite
    assert 'style="' not in sprite
