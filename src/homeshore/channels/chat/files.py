"""Files from customers: how large, of which kinds, and whether they are what they call themselves.

What a file is is read from its bytes, not believed from its name or from the browser. A file is kept as it came and only
ever served as a download, so that even an allowed kind cannot run in our pages.
"""

import re
import unicodedata
from collections.abc import Sequence
from pathlib import PurePosixPath

import puremagic
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from homeshore.contacts.services import NewAttachment
from homeshore.foundation.errors import Invalid, TooLarge
from homeshore.foundation.sizes import size_in_words

AT_ONCE = 5
NAME_LENGTH = 120
TEXT_KINDS = {"txt", "csv", "log", "md"}
SAME_KIND = {"jpg": {"jpeg", "jfif", "jpe"}, "heic": {"heif"}, "heif": {"heic"}, "tif": {"tiff"}}
UNSAFE = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f]+')
EDGES = re.compile(r"^[\s.]+|[\s.]+$")


def accept(uploads: Sequence["UploadedFile[bytes]"]) -> list[NewAttachment]:
    """The files as attachments. Raises TooLarge or Invalid, saying which file and why, and then takes none of them."""
    if len(uploads) > AT_ONCE:
        raise Invalid(_("At most %(count)d files at once."), count=AT_ONCE)
    if sum(upload.size or 0 for upload in uploads) > settings.MAX_UPLOAD_BYTES:
        raise TooLarge(
            _("The files are too large: at most %(limit)s in all."), limit=size_in_words(settings.MAX_UPLOAD_BYTES)
        )
    return [_accept(upload) for upload in uploads]


def _accept(upload: "UploadedFile[bytes]") -> NewAttachment:
    name = safe_name(upload.name or "")
    kind = PurePosixPath(name).suffix.lstrip(".").lower()
    content = upload.read()
    if not content:
        raise Invalid(_("“%(name)s” is empty."), name=name)
    if kind not in settings.UPLOAD_KINDS:
        raise Invalid(
            _("“%(name)s” cannot be sent: these kinds of files are accepted: %(kinds)s."),
            name=name,
            kinds=", ".join(settings.UPLOAD_KINDS),
        )
    content_type = content_type_of(content, kind)
    if content_type is None:
        raise Invalid(_("“%(name)s” is not what its name says: its content is of another kind."), name=name)
    return NewAttachment(name=name, content_type=content_type, content=content)


def safe_name(name: str) -> str:
    """A name that is only a name: no folders, no control or direction characters, and not too long; its ending is kept."""
    visible = "".join(
        sign for sign in unicodedata.normalize("NFC", name) if unicodedata.category(sign) not in {"Cc", "Cf"}
    )
    last = EDGES.sub("", UNSAFE.sub("_", re.split(r"[\\/]", visible)[-1])) or _("file").__str__()
    path = PurePosixPath(last)
    return path.stem[: NAME_LENGTH - len(path.suffix)] + path.suffix[:NAME_LENGTH]


def content_type_of(content: bytes, kind: str) -> str | None:
    """The media type of the bytes when they are of the kind that the name says, or None."""
    if kind in TEXT_KINDS:
        return "text/plain" if _is_text(content) else None
    try:
        found = puremagic.magic_string(content, f"file.{kind}")
    except puremagic.PureError:
        return None
    wanted = {kind} | SAME_KIND.get(kind, set())
    return next((each.mime_type for each in found if each.extension.lstrip(".") in wanted and each.mime_type), None)


def _is_text(content: bytes) -> bool:
    """Without the zero bytes that only binary files have, in UTF-8, UTF-16 or a Western charset."""
    return b"\x00" not in content or content[:2] in {b"\xff\xfe", b"\xfe\xff"}
