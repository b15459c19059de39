"""A process that only reads mailboxes and sends mails, to be killed."""

import sys
import threading

if __name__ == "__main__":
    from homeshore.cli.start import migrate_database, start_django

    start_django()
    migrate_database()
    from homeshore.channels.email import intake
    from homeshore.foundation import outbox

    if sys.argv[1:] == ["prepare"]:
        sys.exit(0)
    stop = threading.Event()
    threading.Thread(target=outbox.work, args=(stop,), daemon=True).start()
    intake.run(stop)
