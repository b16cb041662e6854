"""A DNS server that knows the names of the scenarios."""

import ipaddress
import socketserver
import struct
from collections.abc import Iterator
from typing import NamedTuple

TYPES = {"A": 1, "CNAME": 5, "PTR": 12, "MX": 15, "TXT": 16, "AAAA": 28, "TLSA": 52}
NO_ERROR, NO_SUCH_NAME = 0, 3
# How a server can fail.
FAILURES = {"FORMERR": 1, "SERVFAIL": 2, "REFUSED": 5}
OTHER = bytes(32)  # the digest of no certificate
SIGNED = ".signed.example"  # below it every answer is marked as verified

# A name, a type and a value each. A failure in place of a type stands for a server that fails.
ZONE = """\
mail.client.example A 192.0.2.25
25.2.0.192.in-addr.arpa PTR mail.client.example
client.example MX 10 mail.client.example
67.2.0.192.in-addr.arpa PTR mail.client.example
68.2.0.192.in-addr.arpa SERVFAIL
servfail.example SERVFAIL
nullmx.example MX 0 .
malformed.example MX 10 not/a/name
other.example MX 10 mail.client.example
lostmx.example MX 10 servfail.example
backed.example MX 10 hosted.example
backed.example MX 20 mx.example.com
backed-well.example MX 10 mail.client.example
backed-well.example MX 20 mx.example.com
mx.example.com A 127.0.0.1
refused.example REFUSED
formerr.example FORMERR
addressless.example TXT nothing else
six.example AAAA 2001:db8::7
circle.example CNAME circle.example
ownmx.example MX 10 mx.example.com
backup.example MX 10 nosuch.example
backup.example MX 20 mx.example.com
filtered.example MX 10 mail.client.example
misfiltered.example MX 10 mail.client.example
unsigned.example MX 10 next.unsigned.example
next.unsigned.example A 127.0.0.1
bare.signed.example MX 10 next.bare.signed.example
next.bare.signed.example A 127.0.0.1
odd.signed.example MX 10 next.odd.signed.example
next.odd.signed.example A 127.0.0.1
_10025._tcp.next.odd.signed.example TLSA 9 9 9 00
lost.signed.example MX 10 next.lost.signed.example
next.lost.signed.example A 127.0.0.1
_10025._tcp.next.lost.signed.example SERVFAIL
other.signed.example MX 10 next.other.signed.example
next.other.signed.example A 127.0.0.1
_10025._tcp.next.other.signed.example TLSA 3 1 1 OTHER
25.2.0.192.bl.example A 127.0.0.2
25.2.0.192.bl.example TXT Known to send unwanted mail
mail.client.example.bl.example A 127.0.0.2
mail.client.example.bl.example TXT Known to send unwanted mail
client.example.bl.example A 127.0.0.2
client.example.bl.example TXT Known to send unwanted mail
local.example.bl.example A 127.0.0.2
local.example.bl.example TXT Known to send unwanted mail
25.2.0.192.bare.bl.example A 127.0.0.2
mail.client.example.bare.bl.example A 127.0.0.2
client.example.bare.bl.example A 127.0.0.2
local.example.bare.bl.example A 127.0.0.2
"""


class Question(NamedTuple):
    """What a resolver asks."""

    number: bytes
    name: str
    type: int
    raw: bytes


class Server(socketserver.ThreadingUDPServer):
    """Listens where resolv.conf says."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 53), Handler)


class Handler(socketserver.DatagramRequestHandler):
    def handle(self) -> None:
        self.wfile.write(answer(question(self.rfile.read())))


def question(packet: bytes) -> Question:
    labels, at = [], 12
    while packet[at]:
        labels.append(packet[at + 1 : at + 1 + packet[at]].decode(errors="replace"))
        at += 1 + packet[at]
    (kind,) = struct.unpack("!H", packet[at + 1 : at + 3])
    return Question(packet[:2], ".".join(labels).lower(), kind, packet[12 : at + 5])


def answer(asked: Question) -> bytes:
    records = [record for record in zone() if record[0] == asked.name]
    found = [
        (kind, encoded(kind, value))
        for _, kind, value in records
        if kind == "CNAME" or TYPES.get(kind) == asked.type
    ]
    failures = [FAILURES[kind] for _, kind, _ in records if kind in FAILURES]
    status = (failures or [NO_ERROR if records else NO_SUCH_NAME])[0]
    verified = 0x20 if asked.name.endswith(SIGNED) else 0
    header = asked.number + struct.pack("!HHHHH", 0x8580 | verified | status, 1, len(found), 0, 0)
    answers = [
        struct.pack("!HHHIH", 0xC00C, TYPES[kind], 1, 60, len(data)) + data for kind, data in found
    ]
    return header + asked.raw + b"".join(answers)


def zone() -> Iterator[tuple[str, str, str]]:
    for line in ZONE.splitlines():
        name, kind, *value = line.split(" ", 2)
        yield name, kind, "".join(value)


def encoded(kind: str, value: str) -> bytes:
    if kind in ("A", "AAAA"):
        return ipaddress.ip_address(value).packed
    if kind == "MX":
        preference, host = value.split()
        return struct.pack("!H", int(preference)) + name(host)
    if kind == "TXT":
        return bytes([len(value)]) + value.encode()
    if kind == "TLSA":
        *numbers, data = value.split()
        return bytes(map(int, numbers)) + (OTHER if data == "OTHER" else bytes.fromhex(data))
    return name(value)


def name(text: str) -> bytes:
    labels = [label.encode() for label in text.rstrip(".").split(".") if label]
    return b"".join(bytes([len(label)]) + label for label in labels) + b"\0"
