import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import example, given
from hypothesis import strategies as st

from homeshore.channels.chat.files import NAME_LENGTH, accept, safe_name
from homeshore.foundation.errors import Invalid, TooLarge

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(20)
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01" + bytes(40) + b"\xff\xd9"
PDF = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\ntrailer<<>>\n%%EOF"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"></svg>'
HTML = b"<!doctype html><script>alert(1)</script>"


def document() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", "<w:document/>")
    return made.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "content_type"),
    [
        ("plaid.png", PNG, "image/png"),
        ("Photo d’été.JPG", JPEG, "image/jpeg"),
        ("facture.pdf", PDF, "application/pdf"),
        ("lettre.docx", document(), "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("note.txt", "Bonjour, été".encode("latin-1"), "text/plain"),
        ("page.txt", HTML, "text/plain"),
    ],
)
def test_a_file_that_is_what_its_name_says_is_kept_as_it_came(name, content, content_type):
    [kept] = accept([SimpleUploadedFile(name, content, content_type="text/html")])
    assert (kept.name, kept.content_type, kept.content) == (name, content_type, content)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("drawing.svg", SVG, "cannot be sent"),
        ("page.html", HTML, "cannot be sent"),
        ("setup.exe", b"MZ" + bytes(60), "cannot be sent"),
        ("no-ending", b"hello", "cannot be sent"),
        ("drawing.png", SVG, "is not what its name says"),
        ("photo.jpg", HTML, "is not what its name says"),
        ("invoice.pdf", b"MZ" + bytes(60), "is not what its name says"),
        ("letter.txt", b"\x00\x01\x02", "is not what its name says"),
        ("empty.png", b"", "is empty"),
    ],
)
def test_any_other_file_is_refused_by_name(name, content, said):
    with pytest.raises(Invalid, match=said) as refused:
        accept([SimpleUploadedFile(name, content)])
    assert name in str(refused.value)


def test_too_large_files_are_refused_before_they_are_read(settings):
    settings.MAX_UPLOAD_BYTES = 100
    with pytest.raises(TooLarge, match="at most 100"):
        accept([SimpleUploadedFile("one.txt", b"a" * 60), SimpleUploadedFile("two.txt", b"a" * 60)])


def test_at_most_five_files_come_at_once():
    with pytest.raises(Invalid, match="At most 5 files"):
        accept([SimpleUploadedFile(f"{number}.txt", b"a") for number in range(6)])


@pytest.mark.parametrize(
    ("given_name", "name"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\secret\\file.pdf", "file.pdf"),
        ('<img src=x onerror="alert(1)">.png', "_img src=x onerror=_alert(1)_.png"),
        ("gnp.\u202etxt.exe", "gnp.txt.exe"),
        ("a\x00b\nc.txt", "abc.txt"),
        ("x" * 300 + ".pdf", "x" * (NAME_LENGTH - 4) + ".pdf"),
    ],
)
def test_a_name_is_only_a_name(given_name, name):
    assert safe_name(given_name) == name


@example("\xa0")
@given(st.text(max_size=400))
def test_no_name_escapes_its_folder_or_breaks_a_header(given_name):
    name = safe_name(given_name)
    assert name.strip()
    assert not set(name) & set('/\\<>"\r\n\x00')
    assert len(name) <= NAME_LENGTH
