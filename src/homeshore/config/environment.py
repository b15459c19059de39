"""Every setting a person may give, read from the environment under the prefix `HOMESHORE_`.

The list below is the only place where a setting is declared; `docs/reference/settings.md` must describe each one
(a test compares the two), and nothing else in the code reads the environment.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PREFIX = "HOMESHORE_"


class SettingError(ValueError):
    """A setting was given a value that cannot be read; the message names it and says what is expected."""


def _flag(text: str) -> bool:
    if text.lower() in {"1", "true", "yes", "on"}:
        return True
    if text.lower() in {"0", "false", "no", "off", ""}:
        return False
    raise ValueError("expected yes or no")


def _words(text: str) -> list[str]:
    return [word.strip() for word in text.split(",") if word.strip()]


def _address(text: str) -> tuple[str, int] | None:
    """HOST:PORT as a pair; None when nothing is given."""
    if not text.strip():
        return None
    host, _, port = text.strip().rpartition(":")
    if not host or not port.isdecimal():
        raise ValueError("expected HOST:PORT")
    return host, int(port)


@dataclass(frozen=True)
class Setting:
    """One setting: its name without the prefix, the text of its default, how to read it, and what it is for."""

    name: str
    default: str
    read: Callable[[str], Any]
    meaning: str


SETTINGS = [
    Setting("DATA_DIR", "var", Path, "Folder for the embedded database, attachments and the generated secret key."),
    Setting("DATABASE_URL", "", str, "Database address; empty means the embedded SQLite file in the data folder."),
    Setting(
        "SECRET_KEY", "", str, "Key that signs sessions and links; empty means one generated once in the data folder."
    ),
    Setting(
        "SECRET_KEY_FALLBACKS",
        "",
        _words,
        "Earlier secret keys, separated by commas, which still open what they signed or encrypted.",
    ),
    Setting("HOST", "127.0.0.1", str, "Address to listen on."),
    Setting("PORT", "8000", int, "Port to listen on."),
    Setting(
        "BASE_URL",
        "",
        str,
        "Public address of the site, for links in mails and the widget; empty means http://localhost:PORT.",
    ),
    Setting(
        "ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]", _words, "Host names the site answers to, separated by commas."
    ),
    Setting("DEBUG", "no", _flag, "Show errors in full, for developers only."),
    Setting(
        "DEMO",
        "no",
        _flag,
        "The site is a demonstration: accounts are shown on the sign-in page. `homeshore demo` sets it.",
    ),
    Setting("HTTPS", "no", _flag, "The site is reached by HTTPS: secure cookies and HSTS."),
    Setting("TRUSTED_PROXIES", "127.0.0.1", _words, "Addresses of the proxies whose X-Forwarded headers are believed."),
    Setting(
        "MAIL_URL",
        "",
        str,
        "Server for the mails of the house (invitations, passwords): smtp://user:password@host:587 or smtps://…; empty means files in the data folder.",
    ),
    Setting("MAIL_FROM", "homeshore@localhost", str, "Sender of the mails of the house."),
    Setting("WEB_THREADS", "12", int, "Threads that answer web requests in one process."),
    Setting("LOG_LEVEL", "INFO", str, "Least level of the lines written to the log."),
    Setting("EVENT_DAYS", "7", int, "Days for which events are kept; a screen away for longer takes a new snapshot."),
    Setting(
        "JOURNAL_DAYS",
        "30",
        int,
        "Days for which the routers' journals are kept: so long can a decision be asked about and made again.",
    ),
    Setting("MAX_UPLOAD_BYTES", "10485760", int, "Largest file a customer or an agent may send in a conversation."),
    Setting(
        "PLANNING_FILE_BYTES",
        "200000000",
        int,
        "Largest file of history that planning reads, once unpacked; reading takes about twelve times as much memory.",
    ),
    Setting(
        "PLANNING_MEMORY_BYTES",
        "4000000000",
        int,
        "Most memory that one piece of work on a plan may take; what would need more is refused before it begins.",
    ),
    Setting("MAX_REQUEST_BYTES", "31457280", int, "Largest web request that is read, all its files together."),
    Setting(
        "MAX_MAIL_BYTES", "26214400", int, "Largest e-mail that is read; a larger one is set aside with its reason."
    ),
    Setting(
        "UPLOAD_KINDS",
        "png,jpg,jpeg,gif,webp,heic,pdf,txt,csv,doc,docx,xls,xlsx,odt,ods,zip",
        _words,
        "Kinds of files, by the ending of their names, that customers may send in a chat.",
    ),
    Setting("CHAT_UPLOAD_BYTES_PER_HOUR", "52428800", int, "Bytes of files that one visitor may send in an hour."),
    Setting("CHAT_MESSAGES_PER_MINUTE", "20", int, "Chat messages that one visitor may send in a minute."),
    Setting(
        "CHAT_BRAND_MESSAGES_PER_MINUTE",
        "1200",
        int,
        "Chat messages that all visitors of one brand may send in a minute.",
    ),
    Setting(
        "STUN_URLS",
        "",
        _words,
        "Servers that tell browsers their public address for calls (stun:host:port), separated by commas; empty means none.",
    ),
    Setting(
        "TURN_URLS",
        "",
        _words,
        "Relays for calls between browsers that cannot reach each other (turn:host:port, turns:…), separated by commas.",
    ),
    Setting(
        "TURN_SECRET",
        "",
        str,
        "Secret shared with the relay (coturn: static-auth-secret), which signs passes of an hour.",
    ),
    Setting(
        "SIP_LISTEN",
        "",
        _address,
        "Address (HOST:PORT) at which the telephone hears the edge of the trunk, Kamailio; empty means no telephone.",
    ),
    Setting(
        "SIP_EDGE",
        "",
        _address,
        "Address (HOST:PORT) of the edge of the trunk, Kamailio, to which the telephone sends the calls that the house places; empty means that it places none.",
    ),
    Setting(
        "SIP_OUTSIDE",
        "",
        _address,
        "Address (HOST:PORT) of the edge as a trunk reaches it, which is given to trunks where the house registers; empty means SIP_EDGE.",
    ),
    Setting("SIP_COUNTRY", "FR", str, "Country (two letters) of telephone numbers that are written without one."),
    Setting(
        "RTPENGINE", "127.0.0.1:2223", _address, "Address of rtpengine's control (listen-ng), which carries the sound."
    ),
    Setting(
        "RTPENGINE_RECORDINGS",
        "",
        str,
        "Folder in which rtpengine finds music and announcements; empty means where they are installed with Homeshore.",
    ),
    Setting(
        "SPOKEN_DIR",
        "",
        str,
        "Folder in which the telephone puts what it says of yours (menus, notices, waits, your own recordings), and in which rtpengine finds them under the same name; empty means `spoken` in the data folder.",
    ),
    Setting(
        "KEYS_LISTEN",
        "",
        _address,
        "Address (HOST:PORT) at which the telephone is told by rtpengine (dtmf-log-dest) which keys callers press; empty means that no menu is said and that telephone calls are never recorded, since callers could not refuse.",
    ),
    Setting("ROUTER_LEASE_SECONDS", "10", int, "How long a router owns a floor without renewing its lease."),
    Setting("PRESENCE_LEASE_SECONDS", "90", int, "How long an agent counts as present after the last sign of life."),
]

SECRETS = {"SECRET_KEY", "DATABASE_URL", "MAIL_URL", "TURN_SECRET"}
"""Settings whose values are shown to nobody."""


def read(name: str) -> Any:
    """The value of the setting called `name`, from the environment or its default.

    Raises SettingError when the environment holds text that cannot be read, KeyError when no such setting is declared.
    """
    setting = next((each for each in SETTINGS if each.name == name), None)
    if setting is None:
        raise KeyError(name)
    text = os.environ.get(PREFIX + name, setting.default)
    try:
        return setting.read(text)
    except ValueError as error:
        raise SettingError(f"{PREFIX}{name}={text!r} cannot be read: {error}. {setting.meaning}") from error
