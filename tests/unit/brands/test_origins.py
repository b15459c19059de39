import pytest

from homeshore.brands import origins


@pytest.mark.parametrize(
    ("written", "origin"),
    [
        ("https://shop.example", "https://shop.example"),
        (" https://Shop.Example/ ", "https://shop.example"),
        ("https://shop.example:443", "https://shop.example"),
        ("https://shop.example:8443", "https://shop.example:8443"),
        ("http://localhost:8201", "http://localhost:8201"),
        ("http://127.0.0.1:80", "http://127.0.0.1"),
        ("https://maison-été.example", "https://xn--maison-t-h1ab.example"),
        ("http://[::1]:8000", "http://[::1]:8000"),
    ],
)
def test_an_origin_is_read_as_browsers_write_it(written, origin):
    assert origins.parse(written) == origin


@pytest.mark.parametrize(
    ("written", "wrong"),
    [
        ("shop.example", "scheme"),
        ("ftp://shop.example", "scheme"),
        ("javascript:alert(1)", "scheme"),
        ("null", "scheme"),
        ("*", "scheme"),
        ("https://", "host"),
        ("https://*.shop.example", "host"),
        ("https://shop.example:99999", "host"),
        ("https://me@shop.example", "host"),
        ("https://shop_example<script>", "host"),
        ("https://shop.example/contact", "path"),
        ("https://shop.example?x=1", "path"),
        ("http://shop.example", "insecure"),
    ],
)
def test_what_is_no_origin_says_why(written, wrong):
    with pytest.raises(ValueError, match=f"^{wrong}$"):
        origins.parse(written)
