"""A cleaned history as bytes: what goes between the database and a child process."""

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

    from homeshore.planning.engine.history import History


@dataclass(frozen=True, slots=True)
class Kept:
    """Calls by interval, and single contacts where there are any, as Parquet."""

    zone: str
    interval_minutes: int
    volumes: bytes
    contacts: bytes | None

    def history(self) -> "History":
        """The history again."""
        import polars as pl

        from homeshore.planning.engine.history import History

        contacts = None if self.contacts is None else pl.read_parquet(io.BytesIO(self.contacts))
        return History(self.zone, self.interval_minutes, pl.read_parquet(io.BytesIO(self.volumes)), contacts, ())


def parquet(frame: "pl.DataFrame") -> bytes:
    """A table as bytes."""
    written = io.BytesIO()
    frame.write_parquet(written, compression="zstd")
    return written.getvalue()
