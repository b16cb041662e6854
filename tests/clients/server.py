"""A small SMTP server on loopback that says what a script tells it to."""

import socketserver
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import Any

GREETING = "greeting"
END_OF_DATA = "."
# What a command, by how it begins, is answered with: lines with codes, separated by line ends.
Script = Mapping[str, str]
SUCCEEDS: Script = {
    GREETING: "220 mx.example.net ESMTP Postfix",
    "EHLO": "250-mx.example.net\n250-AUTH PLAIN LOGIN\n250-ENHANCEDSTATUSCODES\n250 8BITMIME",
    "AUTH": "235 2.7.0 Authentication successful",
    "DATA": "354 End data with <CR><LF>.<CR><LF>",
    END_OF_DATA: "250 2.0.0 Ok: queued as 3CF7C1A0B2",
    "QUIT": "221 2.0.0 Bye",
    "": "250 2.0.0 Ok",
}
# How often it challenges before it answers AUTH, where the command brings no response itself.
CHALLENGES = {"AUTH LOGIN": ("VXNlcm5hbWU6", "UGFzc3dvcmQ6"), "AUTH PLAIN": ("",)}


@contextmanager
def serve(script: Script) -> Iterator[int]:
    """Serve a script while the context lasts; gives the port."""

    session = partial(_Session, {**SUCCEEDS, **script})
    with _Server(("127.0.0.1", 0), session) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False


class _Session(socketserver.StreamRequestHandler):
    def __init__(self, answers: Script, *connection: Any) -> None:
        self.answers = answers
        super().__init__(*connection)

    def handle(self) -> None:
        """One conversation, until one of the two ends it."""
        try:
            self._converse()
        except (ConnectionError, EOFError):
            return  # the client went away

    def _converse(self) -> None:
        going_on = self._answer(GREETING)
        while going_on:
            command = self._line()
            if command.upper().startswith("AUTH"):
                self._challenge(command)
            going_on = self._answer(command)
            if command.upper() == "DATA" and self._reply(command).startswith("354"):
                while self._line() != END_OF_DATA:
                    pass
                going_on = self._answer(END_OF_DATA)

    def _challenge(self, command: str) -> None:
        responses = command.split(" ")[2:]
        for challenge in CHALLENGES[" ".join(command.upper().split(" ")[:2])][len(responses) :]:
            self._say(f"334 {challenge}")
            self._line()

    def _line(self) -> str:
        line = self.rfile.readline()
        if not line:
            raise EOFError
        return line.rstrip(b"\r\n").decode("utf-8", "replace")

    def _reply(self, command: str) -> str:
        """The answer with the longest beginning of the command."""
        begins = (begin for begin in self.answers if command.upper().startswith(begin.upper()))
        return self.answers[max(begins, key=len)]

    def _answer(self, command: str) -> bool:
        """Answer a command; whether the session goes on."""
        reply = self._reply(command)
        self._say(reply)
        return not reply.startswith(("221", "421", "521"))

    def _say(self, reply: str) -> None:
        self.wfile.write(f"{reply}\n".replace("\n", "\r\n").encode())
