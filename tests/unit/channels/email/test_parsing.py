"""Mails as real programs write them, and as broken or hostile ones do."""

import re

import pytest

from homeshore.channels.email.parsing import Automatic, Bounce, Unreadable, Why, fingerprint, parse, structure
from tests.unit.channels.email.mails import FOLDER, recorded, written


def test_a_reply_from_gmail_is_its_new_text_and_the_rest_is_folded():
    mail = parse(recorded("gmail-reply-fr"))

    assert (mail.sender, mail.sender_name) == ("lea.martin@courriel.example", "Léa Martin")
    assert mail.subject == "Re: Votre commande n° 4512 – livraison"
    assert mail.body == "Bonjour,\n\nLe numéro de suivi est 6A123. Le colis n’est toujours pas arrivé.\n\nLéa"
    assert mail.quoted.startswith("Le dim. 22 nov. 2026 à 09:31, Maison Verte")
    assert mail.quoted.count("Quel est votre numéro de suivi") == 1
    assert "<b>6A123</b>" in mail.html
    assert "Quel est votre numéro" not in mail.html
    assert mail.in_reply_to == ("<20261122.0931.77@maisonverte.example>",)
    assert len(mail.references) == 3


def test_a_reply_from_outlook_is_cut_above_its_block_of_fields_and_keeps_its_attachment():
    mail = parse(recorded("outlook-reply-fr"))

    assert mail.sender_name == "DUBOIS, Paul"
    assert mail.body.startswith("Bonjour,\n\nLe montant est de 120 € et non de 130 €")
    assert mail.quoted.startswith("De : Service client")
    assert "votre facture de 130" not in mail.html
    assert [(file.name, file.content_type, file.content) for file in mail.files] == [
        ("Facture corrigée.pdf", "application/pdf", b"%PDF-1.7\n%facture test\n")
    ]


def test_a_reply_from_an_iphone_loses_its_closing_line_and_the_quote():
    mail = parse(recorded("apple-mail-reply-en"))

    assert mail.body == "Please move it to Tuesday."
    assert "Which day suits you?" in mail.quoted
    assert "Which day suits you?" not in mail.html


def test_answers_written_between_the_quoted_lines_stay_with_their_questions():
    mail = parse(recorded("thunderbird-inline-answers"))

    assert "> Quelle est la référence ?\n\nMV-88" in mail.body
    assert "à tout régler." in mail.body
    assert mail.quoted == "Karim Benali\n01 99 00 00 00"


def test_a_forwarded_mail_is_shown_whole():
    mail = parse(recorded("forward-fr"))

    assert "Votre commande 77 est confirmée." in mail.body
    assert mail.quoted == ""


def test_an_image_in_the_mail_is_a_file_and_a_remote_one_is_not_loaded():
    mail = parse(recorded("new-with-inline-image"))

    assert mail.blocked_images == 1
    assert '<img data-remote-src="https://pixel.example/o.gif?u=1">' in mail.html
    assert ' src="' not in mail.html
    assert [(file.name, file.content_id) for file in mail.files] == [("lampe.png", "lampe@fai.example")]
    assert mail.body == "Voici la photo : [image: lampe.png]"


def test_no_script_survives_in_the_html():
    mail = parse(recorded("script-everywhere"))

    for evil in (
        "<script",
        "onerror",
        "onload",
        "onclick",
        "javascript:",
        "<svg",
        "<iframe",
        "<form",
        "style",
        "http-equiv",
        "<base",
    ):
        assert evil not in mail.html.lower()
    assert 'href="https://ok.example/?a=1&amp;b=2"' in mail.html


def test_a_file_name_keeps_neither_folders_nor_marks():
    mail = parse(recorded("script-everywhere"))

    assert [file.name for file in mail.files] == ["script_.svg"]
    assert "\u202e" not in mail.subject


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("wrong-charset-utf8-called-latin", "Déjà payé, reçu n° 12 – à vérifier."),
        ("wrong-charset-latin-called-utf8", "Déjà payé 12 €, reçu à vérifier."),
        ("unknown-charset", "Déjà payé."),
    ],
)
def test_text_in_another_charset_than_said_is_read_all_the_same(name, body):
    mail = parse(recorded(name))

    assert mail.body == body
    assert mail.subject.startswith("Réclamation")
    assert mail.sender_name == "Amélie"


def test_a_mail_cut_off_in_the_middle_is_read_as_far_as_it_goes():
    mail = parse(recorded("no-closing-boundary"))

    assert mail.body == "Le début de mon message."
    assert [file.name for file in mail.files] == ["a.pdf"]


def test_a_mail_attached_to_a_mail_is_a_file():
    inner = written("L'original", Subject="Perdu")
    raw = (
        b"From: a@b.example\nSubject: x\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=z\n\n--z\n"
        b"Content-Type: text/plain\n\nVoir joint\n--z\nContent-Type: message/rfc822\n\n" + inner + b"\n--z--\n"
    )

    mail = parse(raw)

    assert mail.body == "Voir joint"
    assert [(file.name, file.content_type) for file in mail.files] == [("Perdu.eml", "message/rfc822")]
    assert b"L'original" in mail.files[0].content


@pytest.mark.parametrize(
    ("name", "automatic"),
    [
        ("absence-exchange-fr", Automatic.REPLIED),
        ("vacation-sieve", Automatic.REPLIED),
        ("bounce-postfix", Automatic.BOUNCE),
        ("bounce-delayed", Automatic.BOUNCE),
        ("bounce-qmail", Automatic.BOUNCE),
        ("read-receipt", Automatic.RECEIPT),
        ("newsletter", Automatic.GENERATED),
        ("gmail-reply-fr", Automatic.NO),
        ("forward-fr", Automatic.NO),
    ],
)
def test_what_programs_wrote_is_told_from_what_people_wrote(name, automatic):
    mail = parse(recorded(name))

    assert mail.automatic is automatic
    assert mail.answerable is (automatic is Automatic.NO)


@pytest.mark.parametrize(
    "fields",
    [
        {"Auto_Submitted": "auto-generated"},
        {"X_Auto_Response_Suppress": "OOF, AutoReply"},
        {"From": "no-reply@fai.example"},
    ],
)
def test_who_asked_programs_to_be_silent_is_not_answered_by_one(fields):
    assert not parse(written(**fields)).answerable


def test_a_delivery_report_names_our_mail_and_the_reason():
    assert parse(recorded("bounce-postfix")).bounce == Bounce(
        message_ids=("<out-1@maisonverte.example>",),
        failed=True,
        recipient="parti@fai.example",
        status="5.1.1",
        diagnostic="550 5.1.1 <parti@fai.example>: Recipient address rejected: User unknown",
    )


def test_a_report_of_delay_is_no_failure():
    bounce = parse(recorded("bounce-delayed")).bounce

    assert bounce is not None
    assert (bounce.failed, bounce.message_ids, bounce.status) == (False, ("<out-2@maisonverte.example>",), "4.4.1")


def test_a_report_without_fields_is_read_by_the_mail_it_gives_back():
    bounce = parse(recorded("bounce-qmail")).bounce

    assert bounce is not None
    assert (bounce.failed, bounce.message_ids) == (True, ("<out-3@maisonverte.example>",))


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (b"", Why.EMPTY),
        (b"\r\n \r\n", Why.EMPTY),
        (recorded("no-sender"), Why.NO_SENDER),
        (b"From: nobody in particular\n\nBonjour", Why.NO_SENDER),
        (b"\x00\xff\xfe" * 500, Why.NO_SENDER),
        (
            b"From: a@b.example\nContent-Type: multipart/mixed; boundary=x\n\n"
            + b"--x\nContent-Type: text/plain\n\na\n" * 700,
            Why.TOO_MANY_PARTS,
        ),
    ],
)
def test_a_mail_that_cannot_be_used_says_why(raw, why):
    with pytest.raises(Unreadable) as refused:
        parse(raw)

    assert refused.value.why is why


def test_parts_in_parts_in_parts_end_somewhere():
    raw = b"From: a@b.example\n"
    for depth in range(3000):
        raw += b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (depth, depth)

    with pytest.raises(Unreadable):
        parse(raw)


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 50_000 + "coeur",
        "<b>" * 50_000 + "coeur",
        "<" * 200_000 + " coeur",
        "<div style='" * 40_000 + "'>coeur",
        "<p>" * 50_000 + "coeur",
    ],
    ids=["blocks", "bold", "brackets", "attributes", "paragraphs"],
)
def test_html_built_to_exhaust_its_reader_is_still_read(html):
    assert "coeur" in parse(written(html, subtype="html")).body


def test_html_without_a_plain_part_is_laid_out_as_text():
    html = "<h1>Titre</h1><p>Un<br>deux</p><ul><li>a</li><li>b&nbsp;c</li></ul><table><tr><td>x</td><td>1</td></tr></table>fin"

    assert parse(written(html, subtype="html")).body == "Titre\n\nUn\ndeux\n\n- a\n- b c\n\nx 1\n\nfin"


def test_copies_of_a_mail_that_came_by_different_ways_have_one_fingerprint():
    raw = recorded("gmail-reply-fr")
    copy = b"Delivered-To: other@maisonverte.example\r\nReceived: by x\r\n" + raw.replace(b"\r\n", b"\n")

    boundary = re.search(rb'boundary="([^"]+)"', raw).group(1)
    assert fingerprint(copy) == fingerprint(raw)
    assert fingerprint(raw.replace(boundary, b"put-together-anew")) == fingerprint(raw)
    assert fingerprint(raw.replace(b"6A123", b"6A124")) != fingerprint(raw)
    assert len({fingerprint(recorded(path.stem)) for path in FOLDER.glob("*.eml")}) == len(list(FOLDER.glob("*.eml")))


@pytest.mark.parametrize("name", ["", "Léa "])
def test_an_address_has_254_characters_at_most_and_a_longer_one_is_none(name):
    longest = "l" * 64 + "@" + "d" * 181 + ".example"

    assert parse(written(From=f"{name}<{longest}>")).sender == longest
    for too_long in (f"x{longest}", f"{longest}s"):
        with pytest.raises(Unreadable, match="no_sender"):
            parse(f"From: {name}<{too_long}>\r\n\r\nBonjour".encode())


def test_a_megabyte_of_lines_that_go_on_is_read_in_time_that_grows_with_it():
    raw = b"From: lea@fai.example\r\nContent-Type: text/plain; format=flowed\r\n\r\n" + b"a \n" * 500_000

    assert parse(raw).body == ("a " * 333_334)[: structure.LONGEST_BODY].strip()


def test_thousands_of_quotations_within_many_elements_are_cut_each_once():
    html = "<div>" * 190 + "Merci" + "<blockquote type=cite>Avant</blockquote>" * 20_000

    mail = parse(b"From: lea@fai.example\r\nContent-Type: text/html\r\n\r\n" + html.encode())

    assert (mail.body, mail.quoted) == ("Merci", "\n".join(["Avant"] * 20_000))


def test_a_quotation_of_thunderbird_is_cut_with_the_line_above_it_and_no_other():
    html = "<p>Merci</p><div class=moz-cite-prefix>On 22/11, we wrote:</div>\n<blockquote>Avant</blockquote><p>Léa</p>"

    mail = parse(written(html, subtype="html"))

    assert (mail.body, mail.quoted) == ("Merci\n\nLéa", "On 22/11, we wrote:\nAvant")


def test_a_mail_of_a_million_lines_is_not_read():
    with pytest.raises(Unreadable, match="too_large"):
        parse(b"From: lea@fai.example\r\n\r\n" + b"\n" * 1_000_000)
