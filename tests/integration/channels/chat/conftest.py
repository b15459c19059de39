from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from homeshore.brands.models import Channel
from homeshore.contacts import services as contacts
from homeshore.contacts.models import Contact
from homeshore.people.models import Agent
from tests.clock import MORNING
from tests.factories import AgentFactory, BrandFactory, OfferFactory, QueueFactory

ORIGIN = "https://shop.example"


@dataclass
class Page:
    """A page of a brand's site with the widget on it, in one browser."""

    key: str
    origin: str | None = ORIGIN
    language: str = "en"
    token: str = ""
    client: Client = field(default_factory=lambda: Client(enforce_csrf_checks=True))

    def post(self, path: str, **fields: Any) -> HttpResponse:
        data = json.dumps(fields)
        return self.client.post(self.address(path), data, content_type="application/json", headers=self.headers())

    def post_files(self, path: str, **fields: Any) -> HttpResponse:
        return self.client.post(self.address(path), fields, headers=self.headers())

    def get(self, path: str) -> HttpResponse:
        return self.client.get(self.address(path), headers=self.headers())

    def visit(self) -> dict:
        response = self.post("visit", token=self.token)
        assert response.status_code == 200, response.content
        self.token = response.json()["token"]
        return response.json()

    def say(self, body: str, client_id: str = "message-1", **fields: Any) -> HttpResponse:
        return self.post("messages", body=body, client_id=client_id, **fields)

    def thread(self) -> dict:
        return self.get("thread").json()["thread"]

    def address(self, path: str) -> str:
        return f"/widget/v1/{self.key}/{path}"

    def headers(self) -> dict[str, str]:
        given = {"Accept-Language": self.language}
        if self.origin:
            given["Origin"] = self.origin
        if self.token:
            given["Authorization"] = f"Bearer {self.token}"
        return given


@pytest.fixture(autouse=True)
def _limits_start_afresh() -> None:
    from homeshore.channels.chat.access import limiter

    limiter.forget()


@pytest.fixture
def brand(db):
    """A brand with a chat queue, always open."""
    brand = BrandFactory.create(name="Maison Lavande", accent="#5f4791")
    QueueFactory.create(brand=brand, name="Discussion")
    return brand


@pytest.fixture
def queue(brand):
    return brand.queues.get(channel=Channel.CHAT)


@pytest.fixture
def mail_queue(brand):
    return QueueFactory.create(brand=brand, name="Courrier", channel=Channel.EMAIL)


@pytest.fixture
def page(brand, clock) -> Page:
    """A visitor's page, visited once."""
    page = Page(brand.widget_key)
    page.visit()
    return page


def take(contact: Contact, first_name: str = "Inês", *, now: datetime = MORNING) -> Agent:
    """An agent of the operator is offered the contact and takes it."""
    agent = AgentFactory.create(operator=contact.operator, first_name=first_name, queues=[contact.queue])
    Contact.objects.filter(pk=contact.pk).update(state=Contact.State.OFFERED)
    offer = OfferFactory.create(contact=contact, agent=agent, offered_at=now)
    contacts.accept_offer(agent_id=agent.pk, offer_id=offer.pk, now=now)
    return agent
