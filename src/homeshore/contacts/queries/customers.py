"""What the house holds of customers, for whoever must answer them about it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Max, Q

from homeshore.contacts.models import Attachment, Contact, Customer, Message

SHOWN = 50


@dataclass(frozen=True, slots=True)
class KeptCustomer:
    """A customer of a brand, and how much is kept of them. `open` are the references of contacts not yet closed."""

    id: int
    name: str
    email: str
    phone: str
    brand: str
    since: datetime
    last: datetime | None
    conversations: int
    contacts: int
    messages: int = 0
    files: int = 0
    open: tuple[str, ...] = ()


def search(operator_id: int, text: str) -> list[KeptCustomer]:
    """The customers whose name, address or number holds a text, those last in touch first; at most `SHOWN`."""
    wanted = Q(name__icontains=text) | Q(email__icontains=text) | Q(phone__icontains=text)
    found = _kept(operator_id).filter(wanted).order_by("-last", "-id")[:SHOWN]
    return [_as_kept(each) for each in found]


def by_address(operator_id: int, address: str) -> list[KeptCustomer]:
    """The customers who write from an address: one a brand."""
    return [_as_kept(each) for each in _kept(operator_id).filter(email__iexact=address).order_by("id")]


def kept_customer(operator_id: int, customer_id: int) -> KeptCustomer | None:
    """One customer with all that is kept of them, or None when the operator has none such, or no longer."""
    found = _kept(operator_id).filter(pk=customer_id).first()
    if found is None:
        return None
    said = Message.objects.filter(conversation__customer=found)
    still_open = Contact.objects.filter(conversation__customer=found).exclude(state=Contact.State.CLOSED)
    return _as_kept(
        found,
        messages=said.count(),
        files=Attachment.objects.filter(message__in=said).count(),
        open=tuple(each.reference for each in still_open.order_by("id")),
    )


def _kept(operator_id: int) -> Any:
    known = Customer.objects.filter(operator_id=operator_id, forgotten_at__isnull=True).select_related("brand")
    return known.annotate(
        last=Max("conversations__last_message_at"),
        talks=Count("conversations", distinct=True),
        times=Count("conversations__contacts", distinct=True),
    )


def _as_kept(customer: Customer, *, messages: int = 0, files: int = 0, open: tuple[str, ...] = ()) -> KeptCustomer:
    counted = vars(customer)
    return KeptCustomer(
        customer.pk,
        str(customer),
        customer.email,
        customer.phone,
        str(customer.brand),
        customer.created_at,
        counted["last"],
        counted["talks"],
        counted["times"],
        messages,
        files,
        open,
    )
