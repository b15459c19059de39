"""Every address of the house, and who may use it by its own declaration."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver

from homeshore.foundation.models import Role

UNDECLARED = "undeclared"
PUBLIC = "public"
MACHINERY = {"/api/v1/", "/api/v1/openapi.json"}
"""Addresses that a library adds and that tell nothing but the shape of the API."""


@dataclass(frozen=True)
class Address:
    """An address with a method: its parameters, and the roles that may use it (or PUBLIC, or UNDECLARED)."""

    method: str
    route: str
    name: str
    parameters: tuple[str, ...]
    roles: frozenset[Role] | str

    def __str__(self) -> str:
        return f"{self.method} {self.route}"

    def filled(self, values: dict[str, object]) -> str:
        """The address with its parameters; KeyError names one that `values` lacks."""
        return re.sub(r"<(\w+)>", lambda found: str(values[found[1]]), self.route)


def addresses() -> list[Address]:
    """All of them, each with GET and POST unless it says which methods it takes."""
    found: dict[tuple[str, str], Address] = {}
    for route, pattern in _walk(get_resolver().url_patterns):
        plain = "/" + re.sub(r"<(?:\w+:)?(\w+)>", r"<\1>", route)
        parameters = tuple(re.findall(r"<(\w+)>", plain))
        for method, roles in _roles_by_method(plain, pattern.callback).items():
            found[method, plain] = Address(method, plain, pattern.name or "", parameters, roles)
    return list(found.values())


def _walk(patterns: list[URLPattern | URLResolver], prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for each in patterns:
        route = prefix + _plain(str(each.pattern))
        if isinstance(each, URLResolver):
            yield from _walk(each.url_patterns, route)
        else:
            yield route, each


def _plain(route: str) -> str:
    """A regular expression's route written like a path's."""
    return re.sub(r"\(\?P<(\w+)>[^)]*\)", r"<\1>", route).removeprefix("^").removesuffix("$")


def _roles_by_method(route: str, view: Callable[..., object]) -> dict[str, frozenset[Role] | str]:
    if route in MACHINERY:
        return {"GET": PUBLIC}
    if route.startswith("/api/v1/"):
        return _roles_of_api()[route]
    roles = getattr(view, "roles", UNDECLARED)
    return dict.fromkeys(("GET", "POST"), PUBLIC if roles is None else roles)


def _roles_of_api() -> dict[str, dict[str, frozenset[Role] | str]]:
    from homeshore.api.v1 import api

    found: dict[str, dict[str, frozenset[Role] | str]] = {}
    for prefix, router in api._routers:
        for path, view in router.path_operations.items():
            route = "/api/v1/" + (prefix.strip("/") + "/" if prefix.strip("/") else "") + path.strip("/")
            for operation in view.operations:
                roles = [getattr(auth, "roles", UNDECLARED) for auth in operation.auth_callbacks] or [UNDECLARED]
                for method in operation.methods:
                    found.setdefault(re.sub(r"{(?:\w+:)?(\w+)}", r"<\1>", route), {})[method] = roles[0]
    return found
