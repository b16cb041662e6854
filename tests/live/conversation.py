"""Talk to a service as a scenario says, and note every reply."""

import socket
import ssl
from typing import NamedTuple

from tests.live import CATALOG
from tests.live.scenario import Closed, Expectation, Reconnect, Say, Scenario, StartTls

PATIENCE = 10.0  # seconds; longer than any time-out that a scenario sets


class Heard(NamedTuple):
    """A reply as it came, and what the scenario expected."""

    scenario: str
    sent: str
    stage: str
    reply: str
    expected: Expectation | None
    closes: bool | None = None  # whether the server hung up after it, where that was seen


class Conversation:
    """One scenario's connections and what has come of them."""

    def __init__(self, scenario: Scenario, port: int) -> None:
        self.scenario = scenario
        self.port = port
        self.socket = self._connect()
        self.kept: list[socket.socket] = []
        self.pending = b""
        self.open = False  # whether a reply was heard on this connection
        self.sent = self.stage = "connect"
        self.heard: list[Heard] = []

    def hold(self) -> list[Heard]:
        """Take every step; a step that fails ends it, and is noted."""
        try:
            for step in self.scenario.steps:
                match step:
                    case Say():
                        self._say(step)
                    case StartTls():
                        self._start_tls(step)
                    case Reconnect():
                        self._reconnect(step)
                    case Closed():
                        self._closed()
        except OSError as error:
            self._note(f"({error or type(error).__name__})", None)
        for connection in (self.socket, *self.kept):
            connection.close()
        return self.heard

    def _connect(self) -> socket.socket:
        source = (self.scenario.client, 0)
        return socket.create_connection(("127.0.0.1", self.port), PATIENCE, source)

    def _say(self, step: Say) -> None:
        if step.send is not None:
            sent = step.send if isinstance(step.send, bytes) else f"{step.send}\r\n".encode()
            self.socket.sendall(sent)
            self.sent = sent.decode(errors="backslashreplace").strip()
        stages = self._stages(len(step.expects))
        for self.stage, expected in zip(stages, step.expects, strict=True):
            reply = self._reply(expected.unfinished)
            if self.open:
                self.heard[-1] = self.heard[-1]._replace(closes=False)
            self._note(reply, expected)
            self.open = True

    def _stages(self, number: int) -> list[str]:
        """The stage of each reply: the last is to the last line that was sent, and so on."""
        lines = [self.sent] if self.sent.startswith("BDAT") else self.sent.split("\r\n")
        stages = [stage(line, self.stage) for line in lines]
        return [*[self.stage] * (number - len(stages)), *stages[max(0, len(stages) - number) :]]

    def _start_tls(self, step: StartTls) -> None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        if step.certificate:
            context.load_cert_chain("/etc/postfix/client.pem")
        self.socket = context.wrap_socket(self.socket)

    def _reconnect(self, step: Reconnect) -> None:
        if step.keep:
            self.kept.append(self.socket)
        else:
            self.socket.close()
        self.socket, self.pending, self.open = self._connect(), b"", False
        self.sent = self.stage = "connect"

    def _closed(self) -> None:
        try:
            rest = self.pending or self.socket.recv(4096)
        except ConnectionResetError:  # it closed without reading all that was sent
            rest = b""
        if not rest:
            self.heard[-1] = self.heard[-1]._replace(closes=True)
        else:
            self._note(rest.decode(errors="backslashreplace"), None)

    def _reply(self, unfinished: bool) -> str:
        lines = [self._line()]
        while lines[-1][3:4] == "-" and not unfinished:
            lines.append(self._line())
        return "\r\n".join(lines)

    def _line(self) -> str:
        while b"\n" not in self.pending:
            received = self.socket.recv(65536)
            if not received:
                raise ConnectionError(f"closed after {self.pending!r}")
            self.pending += received
        line, self.pending = self.pending.split(b"\n", 1)
        return line.removesuffix(b"\r").decode(errors="replace")

    def _note(self, reply: str, expected: Expectation | None) -> None:
        self.heard.append(Heard(self.scenario.name, self.sent, self.stage, reply, expected))


def stage(sent: str, before: str) -> str:
    """Where in the session the reply to a line is heard."""
    verb = sent.lower().split(" ")[0]
    if verb == ".":
        return "end_of_data"
    if verb == "ehlo":
        return "helo"
    if verb in CATALOG.stages:  # most are named after their command
        return verb
    return before if before == "auth" else "any"
