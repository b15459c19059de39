"""Processes that only read mailboxes and send mails, to be killed.

`python -m tests.chaos.email.mail_worker` loads the house once. For each line it reads it forks a worker and says its number:
who follows on one that was killed need not load all again.
"""

import os
import signal
import sys
import threading


def work() -> None:
    """Read and send until killed."""
    stop = threading.Event()
    threading.Thread(target=outbox.work, args=(stop,), daemon=True).start()
    intake.run(stop)


if __name__ == "__main__":
    from homeshore.cli.start import start_django

    start_django()
    from homeshore.channels.email import intake
    from homeshore.foundation import outbox

    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # a worker that was killed is gone at once
    for _line in sys.stdin:
        worker = os.fork()
        if not worker:
            work()
        print(worker, flush=True)
