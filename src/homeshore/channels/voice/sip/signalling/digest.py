"""Who we are at a trunk that asks for a password: Digest (RFC 3261 §22, RFC 7616, RFC 8760), as MD5 or SHA-256."""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from aiosipua.message import SipResponse

HASHES: dict[str, Callable[[bytes], "hashlib._Hash"]] = {"MD5": hashlib.md5, "SHA-256": hashlib.sha256}
CHALLENGES = {401: ("WWW-Authenticate", "Authorization"), 407: ("Proxy-Authenticate", "Proxy-Authorization")}
"""By status: the header that asks, and the one that answers."""
PARAMETER = re.compile(r'([\w-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^",\s]+))')


@dataclass(frozen=True, slots=True)
class Account:
    """A subscriber of a trunk: its `server` (HOST or HOST:PORT), who we are there, and what proves it."""

    server: str
    login: str
    password: str = field(repr=False)

    @property
    def address(self) -> str:
        """The address of record."""
        return f"sip:{self.login}@{self.server}"


@dataclass(frozen=True, slots=True)
class Challenge:
    """What somebody asks as a proof. `answered_by` is the header in which it goes; `uses` counts the proofs made for this nonce."""

    answered_by: str
    realm: str
    nonce: str
    opaque: str | None
    algorithm: str | None
    counts: bool
    stale: bool
    uses: int = 0

    def used(self) -> "Challenge":
        """Once more."""
        return replace(self, uses=self.uses + 1)


def challenge_in(answer: SipResponse) -> Challenge | None:
    """What an answer asks as a proof: the first that we can give, as its sender would have it (RFC 8760 §2.4); None when there is none."""
    asked_by, answered_by = CHALLENGES.get(answer.status_code, ("", ""))
    for written in answer.get_header_values(asked_by) if asked_by else []:
        scheme, _, rest = written.strip().partition(" ")
        if scheme.lower() != "digest":
            continue
        said = {name.lower(): quoted or plain for name, quoted, plain in PARAMETER.findall(rest)}
        algorithm, quality = said.get("algorithm"), said.get("qop", "")
        qualities = [each.strip().lower() for each in quality.split(",") if each.strip()]
        if (
            not said.get("nonce")
            or (algorithm or "MD5").upper() not in HASHES
            or (qualities and "auth" not in qualities)
        ):
            continue
        return Challenge(
            answered_by,
            said.get("realm", ""),
            said["nonce"],
            said.get("opaque"),
            algorithm,
            counts=bool(qualities),
            stale=said.get("stale", "").lower() == "true",
        )
    return None


def next_challenge(known: Challenge | None, answer: SipResponse) -> Challenge | None:
    """What is to be proved now, `known` being what our request proved; None when it is refused whatever we prove.

    A proof made for a challenge that had just been heard, and that is not said to be over, is as good as ours gets: the password is wrong.
    """
    challenge = challenge_in(answer)
    if challenge is None or (known and known.uses == 1 and not challenge.stale):
        return None
    return challenge


def proof(challenge: Challenge, account: Account, *, method: str, uri: str, word: str) -> str:
    """The value of the header that answers a challenge, whose `uses` say how often with this one; `word` is one of ours (cnonce)."""
    digest = HASHES[(challenge.algorithm or "MD5").upper()]

    def hashed(*parts: str) -> str:
        return digest(":".join(parts).encode()).hexdigest()

    who = hashed(account.login, _unquoted(challenge.realm), account.password)
    what, count = hashed(method, uri), f"{challenge.uses:08x}"
    middle = (challenge.nonce, count, word, "auth") if challenge.counts else (challenge.nonce,)
    said = {
        "username": f'"{account.login}"',
        "realm": f'"{challenge.realm}"',
        "nonce": f'"{challenge.nonce}"',
        "uri": f'"{uri}"',
        "response": f'"{hashed(who, *middle, what)}"',
    }
    if challenge.algorithm:
        said["algorithm"] = challenge.algorithm
    if challenge.opaque is not None:
        said["opaque"] = f'"{challenge.opaque}"'
    if challenge.counts:
        said |= {"qop": "auth", "nc": count, "cnonce": f'"{word}"'}
    return "Digest " + ", ".join(f"{name}={value}" for name, value in said.items())


def _unquoted(written: str) -> str:
    return re.sub(r"\\(.)", r"\1", written)
