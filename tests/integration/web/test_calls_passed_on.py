"""A visitor who was left with somebody outside the house, as their page does it over HTTP."""

import pytest

from homeshore.channels.voice.embedded import passed_on
from homeshore.channels.voice.models import Call, Caller, Number
from homeshore.contacts import channels
from homeshore.contacts.channels import ChannelTraits
from homeshore.contacts.models import Contact
from tests.clock import MORNING
from tests.factories import QueueFactory
from tests.integration.channels.chat.conftest import Page

pytestmark = pytest.mark.django_db
DEVICE = "a-page-of-theirs"


@pytest.fixture
def page(floor, queue, routed):
    channels.register(ChannelTraits("voice", outbox_kind=None, live=True))
    line = QueueFactory.create(floor=floor, brand=queue.brand, channel="voice", target_seconds=20)
    routed.router.turn()
    page = Page(line.brand.widget_key)
    page.visit()
    return page


@pytest.fixture
def left(page):
    """The call of a visitor who was passed on; its agent has closed the contact since."""
    call = Call.objects.get(pk=page.post("call/place", device=DEVICE).json()["call"]["id"])
    queue = call.contact.queue
    number = Number.objects.create(operator=queue.operator, queue=queue, digits="+33156070809")
    Caller.objects.create(call=call, tag="page", number=number, stage=Caller.Stage.PASSED_ON)
    Call.objects.update(state="ended", ended_at=MORNING)
    Contact.objects.update(state="closed", outcome="handled", closed_at=MORNING)
    return call


def test_the_page_goes_on_with_the_call_that_was_passed_on_and_hangs_up(page, left):
    assert page.get("call").json()["call"]["state"] == "passed_on"
    again = page.post("call/place", device=DEVICE)
    assert (again.status_code, again.json()["call"]["id"], Call.objects.count()) == (201, left.pk, 1)
    assert page.post("call/place", device="another-page").status_code == 409
    assert page.post("call/alive", call=left.pk, device=DEVICE).json() == {"carries": True}
    said = page.post("call/say", call=left.pk, device=DEVICE, round=left.round, kind="offer", body={"sdp": "theirs"})
    assert (said.status_code, passed_on.offered(left.pk).sdps) == (204, ["theirs"])
    assert page.post("call/hang-up", call=left.pk, device=DEVICE).json()["call"] is None
    assert not Caller.objects.exists()
    assert page.post("call/alive", call=left.pk, device=DEVICE).status_code == 404


def test_nobody_else_hears_of_it(left):
    other = Page(left.contact.brand.widget_key)
    other.visit()
    assert other.get("call").json()["call"] is None
    assert other.post("call/hang-up", call=left.pk, device=DEVICE).status_code == 404
    assert passed_on.is_passed_on(left.pk)
