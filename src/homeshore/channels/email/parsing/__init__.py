"""Reading a mail, purely: bytes in, a `ParsedMail` or one `Unreadable` out. No Django, no clock, no I/O.

`headers` and `charsets` turn what mailers wrote into text; `structure` walks the parts; `bodies` chooses what to show;
`markup` makes HTML harmless; `quotes` finds what is new and what is quoted; `automatic` says whether a person wrote it.
"""

from homeshore.channels.email.parsing.mail import Automatic, Bounce, MailFile, ParsedMail, Unreadable, Why
from homeshore.channels.email.parsing.reading import fingerprint, parse

__all__ = ["Automatic", "Bounce", "MailFile", "ParsedMail", "Unreadable", "Why", "fingerprint", "parse"]
