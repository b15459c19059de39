"""Whatever bytes come, reading them ends in a mail that can be stored, or in `Unreadable`."""

from hypothesis import given
from hypothesis import strategies as st

from homeshore.channels.email.parsing import ParsedMail, Unreadable, fingerprint, parse
from homeshore.channels.email.parsing.quotes import split
from tests.unit.channels.email.mails import FOLDER

RECORDED = [path.read_bytes() for path in sorted(FOLDER.glob("*.eml"))]
FIELDS = [
    "From",
    "To",
    "Subject",
    "Content-Type",
    "Content-Disposition",
    "Content-Transfer-Encoding",
    "References",
    "Return-Path",
]
VALUES = st.one_of(
    st.text(max_size=60).map(lambda text: text.encode("utf-8", "replace")),
    st.binary(max_size=60),
    st.sampled_from(
        [
            b"a@b.example", b"=?utf-8?b?w6k?= <a@b.example>", b"=?x?q?=ZZ?=", b"=?utf-16?b?//4=?=", b"multipart/mixed; boundary=x",
            b"text/html; charset=utf-7", b"text/plain; charset=rot13", b"message/rfc822", b"attachment; filename*=''%",
            b"attachment; filename*0*=a'b; filename*1=c", b"base64", b"x-uuencode", b"text/plain; format=flowed; delsp=yes",
            b"multipart/report; report-type=delivery-status; boundary=x", b"message/delivery-status",
        ]
    ),
)  # fmt: skip


def can_be_stored(mail: ParsedMail) -> bool:
    texts = [mail.sender_name, mail.subject, mail.body, mail.quoted, mail.html, *(file.name for file in mail.files)]
    texts += [mail.message_id, *mail.references, *mail.in_reply_to, mail.sender, mail.reply_to]
    assert max(len(mail.message_id), *map(len, mail.references), 0) <= 255
    assert max(len(mail.sender), len(mail.reply_to)) <= 254
    return all("\x00" not in text and text.encode("utf-8") is not None for text in texts) and "<script" not in mail.html


def ends_well(raw: bytes) -> None:
    fingerprint(raw)
    try:
        mail = parse(raw)
    except Unreadable:
        return
    assert can_be_stored(mail)


@given(st.binary(max_size=2000))
def test_any_bytes(raw):
    ends_well(raw)


@given(st.lists(st.tuples(st.sampled_from(FIELDS), VALUES), max_size=12), st.binary(max_size=400))
def test_any_fields_before_any_body(fields, body):
    ends_well(b"".join(name.encode() + b": " + value + b"\r\n" for name, value in fields) + b"\r\n--x\r\n" + body)


@given(st.sampled_from(RECORDED), st.data())
def test_a_real_mail_with_a_piece_changed(raw, data):
    place = data.draw(st.integers(0, len(raw)))
    length = data.draw(st.integers(0, 40))
    ends_well(raw[:place] + data.draw(st.binary(max_size=40)) + raw[place + length :])


@given(st.text(alphabet=st.sampled_from("> -_\nLe On a écrit :De:À12@,abc"), max_size=400))
def test_splitting_keeps_every_word(text):
    parts = split(text)

    kept = f"{parts.new}\n{parts.signature}\n{parts.quoted}".split()
    assert [word for word in text.split() if word not in {"--"}].__len__() <= len(kept) + text.split().count("--")
    assert set(text.split()) - {"--"} <= set(kept)
