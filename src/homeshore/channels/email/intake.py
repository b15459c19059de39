"""The intake: a thread for every active mailbox, which reads what is new and then listens for more.

One process at a time reads a mailbox: it holds a lease on the row. Nothing is lost when it dies in the middle: how far the
folder was read is written in the transaction that takes a mail in, and the server keeps every mail.
"""

import logging
import os
import socket
import threading
from datetime import timedelta
from uuid import uuid4

from django.conf import settings
from django.db import connections
from django.db.models import Case, F, Q, Value, When
from django.utils import translation
from django.utils.translation import gettext as _

from homeshore.channels.email.imap import Folder, Listed, OutOfReach, open_folder
from homeshore.channels.email.models import Mailbox
from homeshore.channels.email.taking import advance, take, take_large
from homeshore.foundation import clock

logger = logging.getLogger(__name__)

LOOK_FOR_MAILBOXES_SECONDS = 2
LISTEN_SECONDS = 25
LEASE = timedelta(seconds=120)
LONGEST_PAUSE_SECONDS = 60


def run(stop: threading.Event) -> None:
    """Keep one listener for each active mailbox until told to stop; changed settings start a listener anew."""
    host = socket.gethostname()
    owner = f"{host}:{os.getpid()}:{uuid4().hex[:8]}"
    forfeit_dead(host)
    listeners: dict[tuple[int, int], tuple[threading.Thread, threading.Event]] = {}
    try:
        while not stop.is_set():
            wanted = set(Mailbox.objects.filter(active=True).values_list("id", "version"))
            for key in [key for key in listeners if key not in wanted or not listeners[key][0].is_alive()]:
                listeners.pop(key)[1].set()
            for key in sorted(wanted - listeners.keys()):
                ends = threading.Event()
                name = f"email.intake.{key[0]}"
                thread = threading.Thread(target=listen, args=(key[0], ends, owner), name=name, daemon=True)
                listeners[key] = (thread, ends)
                thread.start()
            stop.wait(LOOK_FOR_MAILBOXES_SECONDS)
    finally:
        for _thread, ends in listeners.values():
            ends.set()
        for thread, _ends in listeners.values():
            thread.join(5)


def listen(mailbox_id: int, stop: threading.Event, owner: str) -> None:
    """Read one mailbox until told to stop, connecting again after ever longer pauses when it is out of reach."""
    failures = 0
    try:
        while not stop.is_set():
            if not hold(mailbox_id, owner):
                stop.wait(LISTEN_SECONDS)
                continue
            try:
                with (
                    translation.override(language_of(mailbox_id)),
                    open_folder(Mailbox.objects.get(pk=mailbox_id)) as folder,
                ):
                    while not stop.is_set() and hold(mailbox_id, owner):
                        read_new(mailbox_id, folder, stop)
                        note_state(mailbox_id, Mailbox.State.LISTENING)
                        failures = 0
                        folder.wait(stop, seconds=LISTEN_SECONDS)
                        folder.select()
            except OutOfReach as error:
                failures += 1
                note_state(mailbox_id, Mailbox.State.FAILING, str(error))
                logger.warning("mailbox %s is out of reach: %s", mailbox_id, error)
                stop.wait(pause_after(failures))
            except Exception as error:  # a full disk, a database that went away: the mail stays on the server
                failures += 1
                logger.exception("mailbox %s cannot be read", mailbox_id)
                connections.close_all()
                note_state(mailbox_id, Mailbox.State.FAILING, cannot_keep(mailbox_id, error))
                stop.wait(pause_after(failures))
    finally:
        release(mailbox_id, owner)
        connections.close_all()


def cannot_keep(mailbox_id: int, error: Exception) -> str:
    """What to tell about a failure of the house itself, in the operator's language."""
    with translation.override(language_of(mailbox_id)):
        return _("Its mails cannot be kept at the moment; they stay on the server, and are tried again: %s") % error


def pause_after(failures: int) -> float:
    """Seconds before connecting again: 1, 2, 4 … at most a minute."""
    return float(min(LONGEST_PAUSE_SECONDS, 2 ** (failures - 1)))


def read_new(mailbox_id: int, folder: Folder, stop: threading.Event) -> int:
    """Take in all that is new in a folder, in its order; returns how many mails were read.

    A folder whose UIDVALIDITY changed has new numbers for all its mails: it is read from the start, and what was taken
    before is recognised by its content.
    """
    mailbox = Mailbox.objects.select_related("operator", "brand", "queue").get(pk=mailbox_id)
    if mailbox.uidvalidity != folder.uidvalidity:
        Mailbox.objects.filter(pk=mailbox_id).update(uidvalidity=folder.uidvalidity, last_uid=0)
        mailbox.uidvalidity, mailbox.last_uid = folder.uidvalidity, 0
    from_start = mailbox.last_uid == 0
    read = 0
    for group in folder.after(mailbox.last_uid):
        wanted = [mail for mail in group if not from_start or mail.received_at >= mailbox.take_since]
        read += read_group(mailbox, folder, wanted, stop)
        if stop.is_set():
            return read
        advance(mailbox, folder.place(group[-1].uid), now=clock.now())
    advance(mailbox, folder.place(folder.uidnext - 1), now=clock.now())
    return read


def read_group(mailbox: Mailbox, folder: Folder, group: list[Listed], stop: threading.Event) -> int:
    """Fetch mails together and take them in one by one."""
    large = {mail.uid for mail in group if mail.size > settings.MAX_MAIL_BYTES}
    raws = folder.fetch([mail for mail in group if mail.uid not in large]) if len(large) < len(group) else {}
    taken = []
    for mail in group:
        if stop.is_set():
            break
        place, now = folder.place(mail.uid), clock.now()
        if mail.uid in large:
            with folder.fetch_large(mail) as (header, file):
                take_large(mailbox, file, header=header, size=mail.size, place=place, now=now)
        elif mail.uid in raws:
            take(mailbox, raws.pop(mail.uid), place=place, now=now)
        taken.append(mail.uid)
    if taken:
        folder.mark_seen(taken)
    return len(taken)


def hold(mailbox_id: int, owner: str) -> bool:
    """Take or keep the lease on a mailbox; False when another process has it, or it is no longer read."""
    now = clock.now()
    free = Q(owner=owner) | Q(owner="") | Q(lease_until__isnull=True) | Q(lease_until__lt=now)
    return bool(Mailbox.objects.filter(free, pk=mailbox_id, active=True).update(owner=owner, lease_until=now + LEASE))


def forfeit_dead(host: str) -> None:
    """Free the mailboxes of processes of this host that no longer live: no need to wait for their lease."""
    for mailbox_id, owner in Mailbox.objects.filter(owner__startswith=f"{host}:").values_list("id", "owner"):
        if not is_alive(int(owner.split(":")[1])):
            release(mailbox_id, owner)


def is_alive(pid: int) -> bool:
    """Whether a process with this number runs, ours or not."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def release(mailbox_id: int, owner: str) -> None:
    """Give the lease back."""
    Mailbox.objects.filter(pk=mailbox_id, owner=owner).update(owner="", lease_until=None)


def note_state(mailbox_id: int, state: Mailbox.State, error: str = "") -> None:
    """Say on the mailbox how it is; `state_since` is when that began."""
    now = clock.now()
    Mailbox.objects.filter(pk=mailbox_id).update(
        state=state,
        state_since=Case(When(state=state, then=F("state_since")), default=Value(now)),
        last_error=error[:300],
        checked_at=now,
    )


def language_of(mailbox_id: int) -> str:
    """The language of the operator, for what is noted on the mailbox."""
    return str(Mailbox.objects.values_list("operator__language", flat=True).get(pk=mailbox_id))
