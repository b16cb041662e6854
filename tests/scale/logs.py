"""The lines that the recipes are tried on: a made mail log, and all that a log can hold."""

import re
from functools import cache
from pathlib import Path

from codegen.load import load
from tests.bench import mail_log
from tests.held import held
from tests.toolchain import ROOT

FILES = 8
REFUSED = (
    "Nov  5 06:07:08 mx postfix/smtpd[9]: NOQUEUE: reject: RCPT from h2.a.example[192.0.2.7]: {}; "
    "from=<a@b.c> to=<x@y.z> proto=ESMTP helo=<h3.a.example>"
)
BOUNCED = (
    "Nov  5 06:07:08 mx postfix/smtp[9]: 4ZC1bX2dFvz9qk: to=<a@b.c>, relay=mx.y.z[192.0.2.2]:25, "
    "delay=1.2, delays=0.1/0/0.5/0.6, dsn=5.0.0, status=bounced (host mx.y.z[192.0.2.2] said: {} "
    "(in reply to RCPT TO command))"
)
# JSON, and a reply that was damaged on its way, or mangled by a mail program.
LEFT_OUT = re.compile(r"\{|\d<|&(lt|gt|#60);?|mailto:")


@cache
def varied() -> list[str]:
    """Lines of every wrapper, hostile ones, and every reply of the catalog in two of them."""
    catalog = load(ROOT / "catalog.json")
    lines = [line for text in held(catalog) for line in text.split("\n")]
    for reply in catalog.replies.values():
        lines += [form.format(line) for line in reply.examples for form in (REFUSED, BOUNCED)]
    return [
        line for line in dict.fromkeys(lines) if line.isprintable() and not LEFT_OUT.search(line)
    ]


def write(folder: Path, lines: int) -> None:
    """A log in files, as several machines leave it."""
    (folder / "mail").mkdir()
    for number in range(FILES):
        with (folder / f"mail/{number}.log").open("w", encoding="utf-8") as file:
            file.writelines(f"{line}\n" for line in mail_log.lines(lines // FILES, number))
            file.writelines(f"{line}\n" for line in varied()[number::FILES])
