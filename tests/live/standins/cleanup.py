"""A cleanup service of Postfix's own protocol that blames the SMTP server for every message."""

import socketserver
from pathlib import Path

PATH = "/var/spool/postfix/public/blaming-cleanup"
# Attributes and their values, each list ended by one more NUL, as src/util/attr_print0.c has it.
WELCOME = b"protocol\0cleanup_protocol\0queue_id\0000000000\0\0"
BAD_PROTOCOL = b"status\0001\0reason\0\0\0"
END_OF_MESSAGE = b"E\0"  # the last record: its type, and its length, which is none


class Server(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(PATH, Handler)
        Path(PATH).chmod(0o666)


class Handler(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        self.wfile.write(WELCOME)
        received = b""
        while byte := self.rfile.read(1):
            received += byte
            if received.endswith(END_OF_MESSAGE):
                self.wfile.write(BAD_PROTOCOL)
                return
