"""Hand in the mail that is to be delivered, all at once, and wait until the log has it all."""

import re
import smtplib
import time
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.live import postfix
from tests.live.delivery import Delivery
from tests.live.sandbox import command

AT_ONCE = 4
TIMEOUT = 120  # seconds that a server may take to answer
PATIENCE = 180  # seconds that all deliveries together may take, on a busy machine


def prepare(deliveries: Iterable[Delivery]) -> None:
    """Make the folders of deliveries that need one."""
    for delivery in deliveries:
        if delivery.prepare:
            Path(delivery.folder).mkdir(parents=True)
            command("sh", "-ec", f"cd {delivery.folder}\n{delivery.prepare}")


def send_all(deliveries: Mapping[str, Delivery]) -> dict[str, str]:
    """Send all, and again what is to be sent again; the queue id of each."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        ids = dict(zip(deliveries, pool.map(_send, deliveries.values()), strict=True))
    _wait(deliveries, ids, {name: one.due for name, one in deliveries.items()})
    ids |= {name: _id_of(one) for name, one in deliveries.items() if not ids[name]}
    for name, delivery in deliveries.items():
        for words in delivery.again:
            command("sh", "-ec", words.format(id=ids[name]))
    _wait(deliveries, ids, {name: one.logged for name, one in deliveries.items()})
    return ids


def _send(delivery: Delivery) -> str:
    mail = delivery.mail
    if mail.way == "smtp":
        return _send_by_smtp(delivery)
    if mail.way == "verify":
        with smtplib.SMTP("127.0.0.1", postfix.VERIFYING_PORT, "client.example", TIMEOUT) as client:
            client.ehlo()
            client.mail(mail.sender)
            client.rcpt(delivery.recipient)
        return ""
    options = ["-bv"] if mail.way == "probe" else [f"-N{mail.notify}"] if mail.notify else []
    words = ["sendmail", *options, *mail.options, "-f", mail.sender, "--", delivery.recipient]
    command(*words, send=mail.text)
    return ""


def _send_by_smtp(delivery: Delivery) -> str:
    mail = delivery.mail
    with smtplib.SMTP("127.0.0.1", postfix.PORT, "client.example", TIMEOUT) as client:
        client.ehlo()
        client.command_encoding = "utf-8"
        told = [client.mail(mail.sender, list(mail.options))]
        told += [client.rcpt(delivery.recipient, [f"NOTIFY={mail.notify}"] if mail.notify else [])]
        told += [client.data(mail.text.replace("\n", "\r\n").encode())]
    if told[-1][0] != 250:
        raise RuntimeError(f"{delivery.name}: {told}")
    return told[-1][1].decode().rpartition(" ")[2]


def _wait(deliveries: Mapping[str, Delivery], ids: Mapping[str, str], due: dict[str, int]) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        lines = [line for line in _log().splitlines() if " status=" in line]
        if all(
            sum(is_about(line, one, ids[name]) for line in lines) >= due[name]
            for name, one in deliveries.items()
        ):
            return
        time.sleep(0.3)


def _id_of(delivery: Delivery) -> str:
    """The queue id that the log has beside a recipient."""
    found = re.search(rf" ([0-9A-Za-z]+): to=<{re.escape(delivery.recipient)}>,", _log())
    return found[1] if found else ""


def _log() -> str:
    return postfix.LOG.read_text(errors="replace")


def is_about(line: str, delivery: Delivery, queue_id: str) -> bool:
    """Whether a line of the log tells what became of a delivery."""
    return f"to=<{delivery.recipient}>," in line or bool(
        queue_id and f": {queue_id}: status=" in line
    )
