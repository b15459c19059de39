"""What people do in a call: the customer on the brand's page, the agent at the desk."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from homeshore.contacts import services as contacts
from homeshore.foundation import clock
from homeshore.people.models import Agent

LAUNCH = re.compile("Discuter avec|Chat with")
CALL_US = {"fr": "Nous appeler", "en": "Call us"}


def ready(agent: Agent) -> None:
    contacts.set_presence(agent_id=agent.pk, state="ready", now=clock.now())


def calls(page: Page, language: str = "fr") -> None:
    page.get_by_role("button", name=CALL_US[language]).click()


def talk(desk: Page, customer: Page, agent: Agent, language: str = "fr") -> None:
    """The customer calls, the agent accepts, both hear each other."""
    calls(customer, language)
    ready(agent)
    expect(desk.locator(".offer-acts")).to_be_visible()
    desk.keyboard.press("F8")
    expect(desk.locator(".call-bar")).to_have_attribute("data-state", "talking")
    expect(customer.locator(".c-call")).to_have_attribute("data-state", "talking")
