"""What clients really threw is read right: the programs of them that need no Debian package."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from postfix_replies import Kind, read, read_all

from tests.clients.in_python import Raised, held, of_aiosmtplib, of_smtplib, shown_by_smtplib
from tests.clients.refusals import REFUSALS, Refusal
from tests.clients.running import (
    Client,
    Held,
    Ports,
    check,
    last,
    printed,
    whole,
    without_enhanced,
)
from tests.toolchain import NODE_TOOLS, go, node
from tests.tools import run, tool, untested

HERE = Path(__file__).parent
GO = {"GOFLAGS": "-mod=mod", "GOTOOLCHAIN": "local", "GOWORK": "off"}


def raised(send: Callable[[Refusal, int], Raised], ports: Ports) -> Held:
    return {one.name: held(send(one, ports[one.name])) for one in REFUSALS}


def of_nodemailer(ports: Ports) -> Held:
    packages = NODE_TOOLS.parent
    if not (packages / "nodemailer").exists():
        untested("nodemailer is missing; make test installs it")
    return printed(ports, (tool(node), HERE / "programs/nodemailer.mjs", packages))


def of_net_smtp(ports: Ports) -> Held:
    """The file alone, so that nothing needs to be downloaded."""
    return printed(ports, (tool(go), "run", HERE / "programs/net_smtp.go"), GO)


def of_go_smtp(ports: Ports) -> Held:
    program = HERE / "go"
    got = run([tool(go), "mod", "download"], cwd=program, env=GO)
    if got.returncode:
        untested(f"github.com/emersion/go-smtp cannot be downloaded: {got.stderr}")
    return printed(ports, (tool(go), "-C", program, "run", "."), GO)


CLIENTS = {
    # Where some recipients are taken it raises nothing, and returns the others.
    "smtplib": Client(Kind.CLIENT_SMTPLIB, partial(raised, of_smtplib), whole),
    "aiosmtplib": Client(Kind.CLIENT_AIOSMTPLIB, partial(raised, of_aiosmtplib), whole),
    # Where some recipients are taken it throws nothing, and returns the others.
    "nodemailer": Client(Kind.CLIENT_NODEMAILER, of_nodemailer, last),
    # They stop at the first recipient that is refused.
    "net/smtp": Client(Kind.CLIENT_GO_TEXTPROTO, of_net_smtp, whole),
    "go-smtp": Client(Kind.CLIENT_GO_SMTP, of_go_smtp, without_enhanced),
}


@pytest.fixture(scope="module", params=CLIENTS)
def client(request: pytest.FixtureRequest, ports: Ports) -> tuple[Client, Held]:
    client = CLIENTS[request.param]
    return client, client.held(ports)


@pytest.mark.parametrize("refusal", REFUSALS, ids=lambda one: one.name)
def test_what_was_thrown_is_read(client: tuple[Client, Held], refusal: Refusal) -> None:
    check(client[0], refusal, client[1])


@pytest.mark.parametrize("send", [of_smtplib, of_aiosmtplib])
def test_python_keeps_all_refusals(send: Callable[[Refusal, int], Raised], ports: Ports) -> None:
    several = next(one for one in REFUSALS if one.name == "several")
    for thing in held(send(several, ports[several.name])).values():
        readings = read_all(thing)
        assert readings[0].replies == tuple(several.script.values())


@pytest.mark.parametrize("refusal", REFUSALS, ids=lambda one: one.name)
def test_what_smtplib_shows_of_a_session_is_read(refusal: Refusal, ports: Ports) -> None:
    reading = read(shown_by_smtplib(refusal, ports[refusal.name]))
    assert reading is not None
    assert (reading.kind, reading.reply) == (Kind.CLIENT_SMTPLIB, refusal.id)
    assert reading.line == refusal.line
