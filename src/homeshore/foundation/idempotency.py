"""The same request twice has one effect: an `Idempotency-Key` is answered once, and then always the same.

The answer is written in the transaction of the effect. A second request with the key that comes meanwhile waits for that
transaction, and a process killed in the middle leaves neither effect nor answer behind.
"""

import hashlib
import json
from collections.abc import Callable
from datetime import datetime

from django.core.exceptions import RequestDataTooBig
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext_lazy as _

from homeshore.foundation import answers, clock
from homeshore.foundation.errors import Invalid, Refused, TooLarge
from homeshore.foundation.models import IdempotentAnswer
from homeshore.foundation.transactions import write

HEADER = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"
LONGEST_KEY = 80
METHODS = {"POST", "PUT", "PATCH", "DELETE"}
_TELL_ONCE = "homeshore.tell_once"


class OtherRequest(Invalid):
    """A key that answered another request already."""

    code = "idempotency_key_reused"
    message = _("This Idempotency-Key belongs to another request. Use a new key for a new request.")


class ToldOnce(Refused):
    """A key whose answer held a secret, told once and kept nowhere."""

    code = "told_once"
    message = _("This request was carried out. Its answer held a secret, which is told only once: ask for a new one.")


def tell_once(request: HttpRequest) -> None:
    """Keep no copy of this request's answer: it holds a secret. Its key then answers that it was carried out."""
    request.META[_TELL_ONCE] = True


class IdempotencyMiddleware:
    """Answers a request whose key is known with the answer kept, and keeps the answer of one whose key is new.

    Only JSON answers are kept. A refusal rolls everything back, and the next request is decided anew. Keys belong to the
    person who is signed in, or to the bearer of the Authorization header; other requests are let through untouched.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        key = request.headers.get(HEADER)
        scope = _scope_of(request) if key and request.method in METHODS else None
        if key is None or scope is None:
            return self.get_response(request)
        if len(key) > LONGEST_KEY or "\0" in key:
            return answers.answer(request, Invalid(_("An Idempotency-Key has at most 80 characters.")))
        try:
            fingerprint = _fingerprint(request)
        except RequestDataTooBig:
            return answers.answer(request, TooLarge())
        with write():
            kept, is_new = _claim(scope, key, fingerprint)
            if not is_new:
                return _same_answer(request, kept, fingerprint)
            response = self.get_response(request)
            if response.status_code >= 400:
                transaction.set_rollback(True)
            elif request.META.get(_TELL_ONCE):
                kept.status = ToldOnce.status
                kept.save(update_fields=["status"])
            elif _is_json(response):
                kept.status = response.status_code
                kept.body = {"json": json.loads(response.content)} if response.content else {}
                kept.save(update_fields=["status", "body"])
            else:
                kept.delete()
            return response


def forget(*, before: datetime) -> int:
    """Drop the answers given before a moment; how many."""
    return IdempotentAnswer.objects.filter(at__lt=before).delete()[0]


def _scope_of(request: HttpRequest) -> str | None:
    if request.user.is_authenticated:
        return f"user:{request.user.pk}"
    bearer = request.headers.get("Authorization", "")
    return "bearer:" + hashlib.sha256(bearer.encode()).hexdigest() if bearer else None


def _fingerprint(request: HttpRequest) -> str:
    """The SHA-256 of what the request asks: method, address, fields and files."""
    said = hashlib.sha256(f"{request.method} {request.get_full_path()}\n".encode())
    if request.content_type == "multipart/form-data":
        said.update(json.dumps(sorted(request.POST.lists())).encode())
        for name, files in sorted(request.FILES.lists()):
            for file in files:
                said.update(json.dumps([name, file.name, file.size]).encode())
                for chunk in file.chunks():
                    said.update(chunk)
                file.seek(0)
    else:
        said.update(request.body)
    return said.hexdigest()


def _claim(scope: str, key: str, fingerprint: str) -> tuple[IdempotentAnswer, bool]:
    """The row of a key, and whether it is new; waits for a transaction that is just writing it."""
    try:
        with transaction.atomic():
            fresh = IdempotentAnswer.objects.create(
                scope=scope, key=key, request_hash=fingerprint, status=0, body={}, at=clock.now()
            )
    except IntegrityError:
        return IdempotentAnswer.objects.get(scope=scope, key=key), False
    return fresh, True


def _same_answer(request: HttpRequest, kept: IdempotentAnswer, fingerprint: str) -> HttpResponse:
    if kept.request_hash != fingerprint:
        return answers.answer(request, OtherRequest())
    if kept.status == ToldOnce.status:
        return answers.answer(request, ToldOnce())
    response = (
        JsonResponse(kept.body["json"], status=kept.status, safe=False)
        if "json" in kept.body
        else HttpResponse(status=kept.status)
    )
    response[REPLAYED] = "true"
    return response


def _is_json(response: HttpResponse) -> bool:
    if response.streaming or response.status_code >= 300:
        return False
    return not response.content or response.headers.get("Content-Type", "").startswith("application/json")
