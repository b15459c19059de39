"""Where a mail's own words end and the quoted ones begin, in the forms of French and English mailers."""

import pytest

from homeshore.channels.email.parsing.quotes import Split, split

QUOTATIONS = {
    "gmail": "Le dim. 22 nov. 2026 à 10:42, Service client <service@brand.example> a écrit :\n\n> Bonjour,\n>\n> Quel numéro ?",
    "gmail wrapped": "Le dim. 22 nov. 2026 à 10:42, Service client Maison Verte\n<service@brand.example> a\nécrit :\n\n> Bonjour",
    "gmail en": "On Sun, Nov 22, 2026 at 10:42 AM Service <s@brand.example> wrote:\n\n> Hi",
    "outlook": "________________________________\nDe : Service <s@brand.example>\nEnvoyé : dimanche 22 novembre\nÀ : Léa\nObjet : RE: x\n\nBonjour",
    "outlook without a rule": "De : Service <s@brand.example>\nEnvoyé : dimanche 22 novembre\nÀ : Léa\nObjet : RE: x\n\nBonjour",
    "outlook en": "From: Service <s@brand.example>\nSent: Sunday, November 22\nTo: Lea\nSubject: RE: x\n\nHi",
    "outlook old": "-----Message d'origine-----\nDe : Service\nEnvoyé : lundi\nÀ : Moi\nObjet : x\n\ntexte",
    "apple": "> Le 22 nov. 2026 à 10:42, Service client <s@brand.example> a écrit :\n>\n> Bonjour",
    "thunderbird": "Le 22/11/2026 à 10:42, Service client a écrit :\n> Bonjour",
    "yahoo": "Le dimanche 22 novembre 2026 à 10:42:07 UTC+1, Service <s@brand.example> a écrit :\n\n Bonjour\n texte",
    "la poste": '> Message du 22/11/26 10:42\n> De : "Service" <s@brand.example>\n> A : lea@laposte.example\n> Objet : x\n>\n> Bonjour',
    "orange": '> Envoyé : 22 novembre 2026 à 10:42\n> De : Service <s@brand.example>\n> À : "Lea" <l@x.example>\n> Objet : x\n>\n> Bonjour',
    "marks alone": "> Bonjour\n> Quel numéro ?",
}


@pytest.mark.parametrize("quotation", QUOTATIONS.values(), ids=QUOTATIONS.keys())
def test_a_quotation_below_the_answer_is_set_apart(quotation):
    assert split(f"Oui, le 12345.\n\nMerci\n\n{quotation}\n") == Split("Oui, le 12345.\n\nMerci", "", quotation)


def test_an_answer_below_the_quotation_is_the_new_text():
    quotation = QUOTATIONS["thunderbird"]

    assert split(f"{quotation}\n\nOui.\n-- \nLéa\n06 00 00 00 00") == Split("Oui.", "Léa\n06 00 00 00 00", quotation)


@pytest.mark.parametrize(
    "text",
    [
        "Bonjour,\nLe 22 novembre j'ai écrit :\nrien",
        "De : rien\nest venu le colis",
        "> Quel numéro ?\nLe 12345\n\n> Quelle couleur ?\nBleu",
        "Objet : ma commande\nDate : hier",
        "5 > 3 et c'est tout",
        "",
    ],
)
def test_text_that_only_looks_like_a_quotation_stays_whole(text):
    assert split(text) == Split(text)


@pytest.mark.parametrize(
    "closing", ["Envoyé de mon iPhone", "Sent from my iPhone", "Envoyé à partir de Outlook pour Android"]
)
def test_the_closing_line_of_a_telephone_is_a_signature(closing):
    assert split(f"Merci\n\n{closing}") == Split("Merci", closing)


def test_a_mail_that_is_all_quotation_is_shown():
    assert split(QUOTATIONS["gmail"]).new == QUOTATIONS["gmail"]
