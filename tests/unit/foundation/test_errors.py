from django.utils import translation

from homeshore.foundation.errors import Invalid, NotFound, Refused


def test_a_refusal_says_what_is_wrong_with_its_values():
    refusal = Invalid("%(size)s bytes is too much", size=12, fields={"file": "too large"})

    assert refusal.as_json() == {
        "error": {"code": "invalid", "message": "12 bytes is too much", "fields": {"file": "too large"}}
    }


def test_a_refusal_without_words_has_those_of_its_kind():
    with translation.override("en"):
        assert NotFound().as_json() == {"error": {"code": "not_found", "message": "There is no such thing here."}}


def test_a_percent_sign_in_a_plain_message_stays():
    assert str(Refused("100 % sure")) == "100 % sure"
