"""The servers that tests lean on are real: what they are said to do, they do."""

import smtplib
from email.message import EmailMessage

import pytest


def test_dovecot_wakes_a_client_that_idles(dovecot):
    with dovecot.open("idle@example.org") as client:
        client.select("INBOX")
        client.send(b"A1 IDLE\r\n")
        assert client.readline().startswith(b"+ idling")
        dovecot.deliver("idle@example.org", b"Subject: Bonjour\r\n\r\nUne question.")
        assert client.readline() == b"* 1 EXISTS\r\n"
        client.send(b"DONE\r\n")
        while not client.readline().startswith(b"A1 OK"):
            pass


def test_dovecot_keeps_the_mail_when_it_was_gone_for_a_while(dovecot):
    dovecot.deliver("outage@example.org", b"Subject: one\r\n\r\n")
    dovecot.stop()
    with pytest.raises(ConnectionRefusedError):
        dovecot.count("outage@example.org")
    dovecot.start()
    assert dovecot.count("outage@example.org") == 1


def test_smtp_keeps_what_it_accepts_and_refuses_when_told_to(smtp):
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "desk@example.org", "jeanne@example.net", "Réponse"
    with smtplib.SMTP(smtp.host, smtp.port) as client:
        client.send_message(message)
        smtp.answer = "451 4.3.0 try later"
        with pytest.raises(smtplib.SMTPDataError, match="try later"):
            client.send_message(message)
    assert [each.message["Subject"] for each in smtp.received] == ["Réponse"]
    assert [each.recipients for each in smtp.refused] == [["jeanne@example.net"]]
