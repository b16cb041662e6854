"""An SMTP and LMTP server that replies as told: the next hop of mail, and a before-queue filter.

It is told by the name that it is greeted with: "COMMAND REPLY", or several such with | between
them; once TLS is on, "tls-COMMAND" counts first. As a next hop it is told by each recipient's
local part too, with _ for a space. A / is a line end. A reply may also be to hang up, or to keep
silent.
"""

import socketserver
import ssl
from contextlib import suppress

PORT = 10025
REFUSING_PORT = 10026  # its greeting is a refusal
SILENT_PORT = 10027  # ends every connection at once
BUSY_PORT = 10028
WAITING_PORT = 10030  # never greets
FULL_PORT = 10040  # takes no connection, and refuses none
HOST = "198.51.100.25"  # where it listens on the usual port
USUAL_PORT = 25
HANG_UP, SILENCE = "hang up", "silence"
GREETINGS = {
    REFUSING_PORT: "554 next.example ESMTP not accepting connections",
    SILENT_PORT: HANG_UP,
    BUSY_PORT: "421 4.3.2 Service currently unavailable",
    WAITING_PORT: SILENCE,
    PORT: "220 next.example ESMTP",
    USUAL_PORT: "220 next.example ESMTP",
}
DEFAULTS = {
    "data": "354 go on",
    "quit": "221 2.0.0 bye",
    "starttls": "220 2.0.0 go on",
    "auth": "235 2.7.0 welcome",
}


class Handler(socketserver.StreamRequestHandler):
    def setup(self) -> None:
        super().setup()
        self.orders: dict[str, str] = {}
        self.encrypted = False

    def handle(self) -> None:
        with suppress(OSError):  # a client may go at any time
            self._serve()

    def _serve(self) -> None:
        if not self._reply(GREETINGS[self.connection.getsockname()[1]]):
            return
        challenged = False
        while line := self.rfile.readline():
            command, _, rest = line.decode(errors="replace").strip().partition(" ")
            command = "auth" if challenged else command.lower()
            if command in ("ehlo", "lhlo", "helo") and " " in rest:
                self.orders = told(rest)
            answer = self._answer(command, rest)
            if not (self._reply(answer) and self._follow(command, answer)):
                return
            challenged = command == "auth" and answer.startswith("334")

    def _answer(self, command: str, rest: str) -> str:
        if command == "rcpt" and rest[4:7].isdigit():
            return rest[4 : rest.index("@")].replace("_", " ")
        answer = self.orders.get(command, DEFAULTS.get(command, "250 2.0.0 fine"))
        return self.orders.get(f"tls-{command}", answer) if self.encrypted else answer

    def _follow(self, command: str, answer: str) -> bool:
        """Take the message, or shake hands, if the answer was to go on."""
        if command == "data" and answer.startswith("354"):
            while self.rfile.readline() not in (b".\r\n", b""):
                pass
            return self._reply(self.orders.get(".", "250 2.0.0 kept by next.example"))
        if command == "starttls" and answer.startswith("220"):
            if self.orders.get("handshake") == HANG_UP:
                return False
            self._start_tls()
        return True

    def _reply(self, text: str) -> bool:
        if text == SILENCE:
            self.rfile.read()
        if text in (HANG_UP, SILENCE):
            return False
        self.wfile.write((text.replace("/", "\r\n") + "\r\n").encode())
        return not text.startswith("221")

    def _start_tls(self) -> None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain("/etc/postfix/server.pem")
        self.request = context.wrap_socket(self.request, server_side=True)
        self.setup()
        self.encrypted = True


def told(name: str) -> dict[str, str]:
    """Each command and the reply to it."""
    orders = (order.partition(" ") for order in name.split("|"))
    return {command: reply for command, _, reply in orders}
