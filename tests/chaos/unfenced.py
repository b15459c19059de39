"""A router that believes it owns a floor for as long as it lives: the control, which the checker must find out.

It differs from `homeshore router` in this alone: neither a commit nor a renewal looks at the epoch. It exists so that the
checker is known to see what the epoch prevents; nothing in the product can be set to do this.
"""

from homeshore.cli.start import start_django

start_django()

from django.db.models import F  # noqa: E402 - the apps must be there first

from homeshore.cli.serve import run  # noqa: E402
from homeshore.contacts.models import Floor  # noqa: E402
from homeshore.contacts.router import lease, router  # noqa: E402

fenced_commit = router.commit_decisions


def commit_whatever_the_epoch(floor_id, *, operator_id, epoch, group):
    """Commit at the end of whatever is there, under the epoch that this process once had."""
    with router.write():
        floor = Floor.objects.select_for_update().get(pk=floor_id)
        ahead = floor.seq - (group.entries[0].seq - 1)
        Floor.objects.filter(pk=floor_id).update(epoch=epoch)
        group.entries = [
            router.Entry(each.seq + ahead, each.now, each.input, each.decided, each.decisions) for each in group.entries
        ]
        refused = fenced_commit(floor_id, operator_id=operator_id, epoch=epoch, group=group)
        Floor.objects.filter(pk=floor_id).update(epoch=max(epoch, floor.epoch))
        return refused


def renew_whatever_the_epoch(floor_id, *, epoch, now):
    """Never hear that somebody else owns the floor."""
    return bool(Floor.objects.filter(pk=floor_id).update(lease_until=F("lease_until")))


router.commit_decisions = commit_whatever_the_epoch
lease.renew = renew_whatever_the_epoch

if __name__ == "__main__":
    run(["router"])
