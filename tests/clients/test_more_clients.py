"""What clients of other packages really threw or showed is read right; `make live` asks them."""

import json
import shutil
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from postfix_replies import Kind

from tests.clients.refusals import FROM, REFUSALS, Refusal
from tests.clients.running import (
    Client,
    Held,
    Kept,
    Ports,
    check,
    first_line,
    printed,
    whole,
    words_alone,
)
from tests.tools import passes, run, untested

pytestmark = pytest.mark.more_clients
HERE = Path(__file__).parent
PHPMAILER = "/usr/share/php/libphp-phpmailer/autoload.php"
SYMFONY = "/usr/share/php/Symfony/Component/Mailer/autoload.php"
JAVAX = ("-Dmail.group=com.sun.mail", "-Dmail.artifact=javax.mail", "-Dmail.version=1.6.2")
AT_RCPT = ("relay", "lines", "quotes", "several", "one of two")
AT_MAIL = ("sender", "starttls")
AT_DATA = ("data", "size", "queue")


def command(name: str, package: str) -> str:
    found = shutil.which(name)
    if found is None:
        untested(f"{name} is missing (Debian package {package})")
    return found


def library(path: str, package: str) -> str:
    if not Path(path).exists():
        untested(f"{path} is missing (Debian package {package})")
    return path


def of_ruby(ports: Ports) -> Held:
    return printed(ports, (command("ruby", "ruby"), HERE / "programs/net_smtp.rb"))


def of_php(program: str, path: str, package: str, ports: Ports) -> Held:
    loaded = library(path, package)
    return printed(ports, (command("php", "php-cli"), HERE / "programs" / program, loaded))


def of_java(names: tuple[str, ...], ports: Ports) -> Held:
    """With the names of today, or with the old ones, which differ in one word of the program."""
    java, maven = command("java", "openjdk-17-jdk-headless"), command("mvn", "maven")
    with tempfile.TemporaryDirectory() as folder:
        copy = ("-q", "-B", "dependency:copy-dependencies", f"-DoutputDirectory={folder}")
        got = run((maven, *copy, *names), cwd=HERE / "java")
        if got.returncode:
            untested(f"Maven gets no mail library: {got.stdout}")
        program = (HERE / "java/JavaMail.java").read_text("utf-8")
        source = Path(folder, "JavaMail.java")
        source.write_text(program.replace("jakarta.mail", "javax.mail") if names else program)
        jobs = "".join(f"{_tabbed(one, ports[one.name])}\n" for one in REFUSALS)
        lines = passes(java, "-cp", f"{folder}/*", source, asked=jobs).split("\n")
    said = [json.loads(line) for line in lines if line]
    return {one["name"]: one["texts"] for one in said}


def _tabbed(refusal: Refusal, port: int) -> str:
    to = ",".join(refusal.to)
    return "\t".join((refusal.name, str(port), str(refusal.login).lower(), FROM, to))


def of_curl(ports: Ports) -> Held:
    curl = command("curl", "curl")

    def asked(refusal: Refusal) -> list[str]:
        url = f"smtp://127.0.0.1:{ports[refusal.name]}/client.example.org"
        to = [word for one in refusal.to for word in ("--mail-rcpt", one)]
        login = ["--user", "anna:secret"] if refusal.login else []
        return [curl, "-v", "-sS", url, "--mail-from", FROM, *to, *login, "-T", "-"]

    return _shown(asked)


def of_swaks(ports: Ports) -> Held:
    swaks = command("swaks", "swaks")

    def asked(refusal: Refusal) -> list[str]:
        server = ["--server", f"127.0.0.1:{ports[refusal.name]}", "--helo", "client.example.org"]
        login = ["--auth", "PLAIN", "--auth-user", "anna", "--auth-password", "secret"]
        envelope = ["--from", FROM, "--to", ",".join(refusal.to)]
        return [swaks, *server, *envelope, *(login if refusal.login else [])]

    return _shown(asked)


def _shown(asked: Callable[[Refusal], list[str]]) -> Held:
    held = {}
    for one in REFUSALS:
        got = run(asked(one), asked="Subject: x\r\n\r\nx\r\n")
        held[one.name] = {"shown": got.stdout + got.stderr}
    return held


def phpmailer_keeps(refusal: Refusal, how: str) -> Kept:
    """The exception says nothing of some refusals, ErrorInfo of fewer; the session has them all."""
    if how == "debug" or refusal.name in AT_MAIL:
        return whole(refusal)
    if refusal.name in AT_RCPT:
        return words_alone(refusal)
    return whole(refusal) if refusal.name in AT_DATA and how in ("info", "shown") else None


def symfony_keeps(refusal: Refusal, how: str) -> Kept:
    """Where it cannot even say hello it keeps no session."""
    lost = how == "debug" and refusal.name in ("greeting", "helo", "auth")
    return None if lost else whole(refusal)


def ruby_keeps(refusal: Refusal, how: str) -> Kept:
    """The class alone, where it is inspected; else the first line."""
    return None if how == "inspected" else first_line(refusal)


def java_keeps(refusal: Refusal, how: str) -> Kept:
    """The server does not say SMTPUTF8, so octets are taken as Latin-1."""
    return refusal.line.encode().decode("latin-1"), refusal.id


def javamail_keeps(refusal: Refusal, how: str) -> Kept:
    """Of a greeting the code, which is no reply of its own."""
    return (refusal.line[:3], None) if refusal.name == "greeting" else java_keeps(refusal, how)


CLIENTS = {
    "net-smtp of Ruby": Client(Kind.CLIENT_RUBY, of_ruby, ruby_keeps),
    "PHPMailer": Client(
        Kind.CLIENT_PHPMAILER,
        partial(of_php, "phpmailer.php", PHPMAILER, "libphp-phpmailer"),
        phpmailer_keeps,
        silent=("helo",),
    ),
    "Symfony": Client(
        Kind.CLIENT_SYMFONY,
        partial(of_php, "symfony.php", SYMFONY, "php-symfony-mailer"),
        symfony_keeps,
        marked_as={"debug": Kind.CLIENT_CURL},
    ),
    "Angus Mail": Client(Kind.CLIENT_JAVAMAIL, partial(of_java, ()), java_keeps),
    "JavaMail": Client(Kind.CLIENT_JAVAMAIL, partial(of_java, JAVAX), javamail_keeps),
    "curl": Client(Kind.CLIENT_CURL, of_curl, whole),
    "swaks": Client(Kind.CLIENT_SWAKS, of_swaks, whole),
}


@pytest.fixture(scope="module", params=CLIENTS)
def client(request: pytest.FixtureRequest, ports: Ports) -> tuple[Client, Held]:
    client = CLIENTS[request.param]
    return client, client.held(ports)


@pytest.mark.parametrize("refusal", REFUSALS, ids=lambda one: one.name)
def test_what_was_thrown_is_read(client: tuple[Client, Held], refusal: Refusal) -> None:
    check(client[0], refusal, client[1])
