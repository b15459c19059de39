import pytest
from django.utils.translation import override

from homeshore.foundation.sizes import size_in_words


@pytest.mark.parametrize(
    ("count", "french", "english"),
    [
        (0, "0 o", "0 B"),
        (412, "412 o", "412 B"),
        (412_000, "412 Ko", "412 KB"),
        (2_340_000, "2,3 Mo", "2.3 MB"),
        (2_000_000, "2 Mo", "2 MB"),
        (32_934_317, "33 Mo", "33 MB"),
        (5_400_000_000_000, "5400 Go", "5400 GB"),
    ],
)
def test_a_size_is_said_in_thousands_of_bytes_as_pages_say_it(count, french, english):
    said = {}
    for language in ("fr", "en"):
        with override(language):
            said[language] = (
                size_in_words(count).replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", "")
            )

    assert said == {"fr": french, "en": english}
