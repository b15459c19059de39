"""The edge with TLS, as deploy/ configures it: what a trunk that asks for it meets."""

import socket
import ssl
import subprocess

import pytest

from tests.servers.ground import free_port
from tests.servers.telephony import DEPLOY, Telephony, missing

pytestmark = pytest.mark.sqlite  # no database is asked

ASK = (
    "OPTIONS sip:house@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/TLS 127.0.0.1:5061;branch=z9hG4bK-edge\r\nMax-Forwards: 70\r\n"
    "From: <sip:trunk@127.0.0.1>;tag=1\r\nTo: <sip:house@127.0.0.1>\r\nCall-ID: edge\r\nCSeq: 1 OPTIONS\r\n"
    "Content-Length: 0\r\n\r\n"
)
COPIED = ("Via", "From", "To", "Call-ID", "CSeq")
"""Headers of a request that its answer has too."""


@pytest.fixture
def certificate(tmp_path):
    """A certificate of localhost's own, with its key beside it."""
    found = tmp_path / "certificate.pem"
    made = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", tmp_path / "key.pem", "-out", found]
    subprocess.run(
        ["openssl", *made, "-days", "1", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"],
        check=True,
        capture_output=True,
    )
    return found


def test_a_trunk_is_heard_over_tls_and_shown_the_certificate_of_the_house(tmp_path, certificate):
    if missing():
        pytest.fail(f"These are missing: {', '.join(missing())} (make test installs them as root)")
    port = free_port()
    edge = Telephony(tmp_path)
    shipped = (DEPLOY / "kamailio" / "tls.cfg.example").read_text()
    (tmp_path / "tls.cfg").write_text(shipped.replace("/etc/kamailio/tls", str(tmp_path)))
    with (tmp_path / "kamailio" / "local.cfg").open("a") as local:
        local.write(f'listen=tls:127.0.0.1:{port}\n#!define WITH_TLS\n#!define TLS_FILE "{tmp_path}/tls.cfg"\n')
    edge.start_edge()
    try:
        trusting = ssl.create_default_context(cafile=certificate)
        with (
            socket.create_connection(("127.0.0.1", port), timeout=10) as plain,
            trusting.wrap_socket(plain, server_hostname="localhost") as trunk,
        ):
            trunk.sendall(ASK.encode())
            answer = trunk.recv(4096).decode()
            spoken = trunk.version()
    finally:
        edge.stop()

    assert answer.startswith("SIP/2.0 200 OK\r\n")
    assert spoken in ("TLSv1.2", "TLSv1.3")


def test_the_house_hears_at_once_that_a_caller_takes_the_call_back_before_it_has_said_anything(running_telephony):
    with (
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as house,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as caller,
    ):
        house.bind(("127.0.0.1", running_telephony.house))
        caller.bind(("127.0.0.1", 0))
        for each in (house, caller):
            each.settimeout(5)
        for method in ("INVITE", "CANCEL"):
            caller.sendto(_of_caller(method, caller.getsockname()[1]), ("127.0.0.1", running_telephony.edge))
            heard = house.recv(4096)
            assert heard.split()[0].decode() == method
        answers = [caller.recv(4096).split(b"\r\n")[0] for _ in range(2)]
    assert answers == [b"SIP/2.0 100 trying -- your call is important to us", b"SIP/2.0 200 canceling"]


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        ('Reason: Q.850;cause=42;text="The house is full"\r\n', ("The House Is Full", True, False)),
        ("", ("Service Unavailable", False, True)),
    ],
)
def test_a_caller_of_a_full_house_is_told_so_and_the_trunk_keeps_nobody_else_back(running_telephony, reason, said):
    with (
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as house,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as caller,
    ):
        house.bind(("127.0.0.1", running_telephony.house))
        caller.bind(("127.0.0.1", 0))
        for each in (house, caller):
            each.settimeout(5)
        caller.sendto(_of_caller("INVITE", caller.getsockname()[1]), ("127.0.0.1", running_telephony.edge))
        heard, edge = house.recvfrom(4096)
        copied = [line for line in heard.decode().split("\r\n") if line.partition(":")[0] in COPIED]
        copied = [line + (";tag=house" if line.startswith("To:") else "") for line in copied]
        refusal = "\r\n".join(["SIP/2.0 503 Said", *copied]) + f"\r\n{reason}Content-Length: 0\r\n\r\n"
        house.sendto(refusal.encode(), edge)
        caller.recv(4096)  # 100 Trying
        answer = caller.recv(4096).decode()
    phrase = answer.split("\r\n")[0].removeprefix("SIP/2.0 503 ")
    assert (phrase, 'Reason: Q.850;cause=42;text="The house is full"' in answer, "Retry-After" in answer) == said


def _of_caller(method: str, port: int) -> bytes:
    return (
        f"{method} sip:+33156070809@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:{port};branch=z9hG4bK-taken-back\r\n"
        "Max-Forwards: 70\r\nFrom: <sip:+33145060708@127.0.0.1>;tag=1\r\nTo: <sip:+33156070809@127.0.0.1>\r\n"
        f"Call-ID: taken-back-{port}\r\nCSeq: 1 {method}\r\nContact: <sip:caller@127.0.0.1:{port}>\r\n"
        "Content-Length: 0\r\n\r\n"
    ).encode()
