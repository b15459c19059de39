"""Files that no row names: left behind when a transaction was rolled back, or a process died before it deleted them."""

from collections.abc import Callable, Collection, Iterator
from datetime import datetime, timedelta

from django.core.files.storage import default_storage

YOUNG = timedelta(days=1)
"""A file may be written before the row that will name it."""
BATCH = 500

Named = Callable[[Collection[str]], set[str]]


def sweep(folder: str, *, named: Named, now: datetime) -> int:
    """Delete the files below a folder that are old enough and that `named(paths)` does not know; how many."""
    deleted = 0
    old = (path for path in _walk(folder) if default_storage.get_modified_time(path) < now - YOUNG)
    for batch in _batches(old):
        for path in set(batch) - named(batch):
            default_storage.delete(path)
            deleted += 1
    return deleted


def _walk(folder: str) -> Iterator[str]:
    try:
        folders, files = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    yield from (f"{folder}/{name}" for name in files)
    for each in folders:
        yield from _walk(f"{folder}/{each}")


def _batches(paths: Iterator[str]) -> Iterator[list[str]]:
    batch: list[str] = []
    for path in paths:
        batch.append(path)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch
