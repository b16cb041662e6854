"""Sends messages with the clients that Python has, and keeps what they raised."""

import asyncio
import smtplib
import traceback
from contextlib import redirect_stderr, suppress
from email.message import EmailMessage
from io import StringIO
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


def shown_by_smtplib(refusal: Refusal, port: int) -> str:
    """What smtplib shows of a session, with set_debuglevel(1)."""
    shown = StringIO()
    client = smtplib.SMTP(local_hostname="client.example.org")
    client.set_debuglevel(1)
    with redirect_stderr(shown), suppress(smtplib.SMTPException):
        client.connect("127.0.0.1", port)
        if refusal.login:
            client.login(*LOGIN)
        client.send_message(_message(), FROM, refusal.to)
    client.close()
    return shown.getvalue()


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
    return {
        "object": raised,
        "str": str(raised),
        "repr": repr(raised),
        "trace": "".join(traceback.format_exception(raised)),
        "logged": f"2026-11-25 06:07:08,123 ERROR app: mail to x@y.z failed: {raised!r}",
        "printed": f"mail failed: {raised}",
    }


def _message() -> EmailMessage:
    message = EmailMessage()
    message["From"] = FROM
    message["Subject"] = "x"
    message.set_content("x")
    return message
