"""Mails for tests: the recorded forms in tests/fixtures/mails, and small ones written on the spot."""

from email.message import EmailMessage
from pathlib import Path

FOLDER = Path(__file__).parents[3] / "fixtures" / "mails"


def recorded(name: str) -> bytes:
    """The mail kept in tests/fixtures/mails under this name."""
    return (FOLDER / f"{name}.eml").read_bytes()


def written(body: str = "Bonjour", *, subtype: str = "plain", **fields: str) -> bytes:
    """A mail from Léa with this body; other fields by keyword, underscores for hyphens."""
    mail = EmailMessage()
    for name, value in {
        "From": "Léa <lea@fai.example>",
        "To": "service@maisonverte.example",
        "Subject": "Question",
    }.items():
        if name not in fields:
            mail[name] = value
    for name, value in fields.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(body, subtype=subtype)
    return mail.as_bytes()
