"""The register as proof: whatever is changed afterwards shows."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from homeshore.outbound.gate.chain import FIRST, digest, first_broken

WORDS = st.lists(st.text(max_size=20), min_size=1, max_size=6)


def chained(words: list[str]) -> list[tuple[dict[str, object], str]]:
    entries, before = [], FIRST
    for position, word in enumerate(words, start=1):
        said = {"position": position, "word": word}
        before = digest(before, said)
        entries.append((said, before))
    return entries


@given(WORDS)
def test_a_register_as_it_was_written_is_whole(words):
    assert first_broken(chained(words)) is None


@given(WORDS, st.data())
def test_a_changed_entry_is_found(words, data):
    entries = chained(words)
    at = data.draw(st.integers(0, len(entries) - 1))
    said, kept = entries[at]
    entries[at] = ({**said, "word": f"{said['word']}!"}, kept)

    assert first_broken(entries) == at + 1


@given(st.lists(st.text(max_size=20), min_size=2, max_size=6), st.data())
def test_an_entry_taken_out_is_found(words, data):
    entries = chained(words)
    at = data.draw(st.integers(0, len(entries) - 2))
    del entries[at]

    assert first_broken(entries) == at + 1


def test_an_entry_written_again_with_its_own_digest_breaks_the_one_after():
    entries = chained(["a", "b", "c"])
    changed = {"position": 2, "word": "B"}
    entries[1] = (changed, digest(entries[0][1], changed))

    assert first_broken(entries) == 3
