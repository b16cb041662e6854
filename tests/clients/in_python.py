"""Sends messages with the clients that Python has, and keeps what they raised."""

import asyncio
import smtplib
import traceback
from collections.abc import Callable
from email.message import EmailMessage
from typing import Any

import aiosmtplib

from tests.clients.refusals import FROM, Refusal

LOGIN = ("anna", "secret")
Raised = Exception | dict[str, Any]


def of_smtplib(refusal: Refusal, port: int) -> Raised:
    """The exception, or what send_message returns of recipients that were refused."""
    try:
        with smtplib.SMTP("127.0.0.1", port, local_hostname="client.example.org") as client:
            if refusal.login:
                client.login(*LOGIN)
            return client.send_message(_message(), FROM, refusal.to)
    except smtplib.SMTPException as error:
        return error


def of_aiosmtplib(refusal: Refusal, port: int) -> Raised:
    """The exception, or what send returns of recipients that were refused."""
    user, password = LOGIN if refusal.login else (None, None)
    sending = aiosmtplib.send(
        _message(),
        sender=FROM,
        recipients=list(refusal.to),
        hostname="127.0.0.1",
        port=port,
        local_hostname="client.example.org",
        start_tls=False,
        username=user,
        password=password,
    )
    try:
        return asyncio.run(sending)[0]
    except aiosmtplib.SMTPException as error:
        return error


def held(raised: Raised) -> dict[str, Any]:
    """The thing itself and the texts of it that end up in logs."""
    if isinstance(raised, dict):
        return {"str": str(raised)}
    texts: dict[str, Callable[[], Any]] = {
        "object": lambda: raised,
        "str": lambda: str(raised),
        "repr": lambda: repr(raised),
        "trace": lambda: "".join(traceback.format_exception(raised)),
        "logged": lambda: f"2026-11-25 06:07:08,123 ERROR app: mail to x@y.z failed: {raised!r}",
        "printed": lambda: f"mail failed: {raised}",
    }
    return {how: text() for how, text in texts.items()}


def _message() -> EmailMessage:
    message = EmailMessage()
    message["From"] = FROM
    message["Subject"] = "x"
    message.set_content("x")
    return message
