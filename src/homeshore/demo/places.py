"""Where the parts of the demonstration listen: all on this machine, by their distance from the site's own port."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Places:
    """The ports of the demonstration; `site` is the site's own."""

    site: int

    @property
    def shop(self) -> int:
        """Maison Lavande's page."""
        return self.site + 1

    @property
    def insurer(self) -> int:
        """Assurance Mistral's page."""
        return self.site + 2

    @property
    def letters(self) -> int:
        """The post office's page, where one reads and writes mails as a customer."""
        return self.site + 3

    @property
    def smtp(self) -> int:
        """Where mails are handed in."""
        return self.site + 4

    @property
    def imap(self) -> int:
        """Where mails are fetched."""
        return self.site + 5

    def origins_of(self, port: int) -> list[str]:
        """The origins under which a browser of this machine sees a page of that port."""
        return [f"http://localhost:{port}", f"http://127.0.0.1:{port}"]
