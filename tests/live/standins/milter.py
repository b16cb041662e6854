"""A milter that does what the service's milter_macro_daemon_name says: "STAGE VERDICT".
Or each message says it: its header "X-Milter: VERDICT" stands for the verdict at that header.

A verdict is a name from VERDICTS, or a reply such as "471 4.7.1 Not today". Elsewhere it continues.
"""

import socketserver
import struct
from collections.abc import Iterator

PORT = 10032
STAGES = {
    b"C": "connect",
    b"H": "helo",
    b"M": "mail",
    b"R": "rcpt",
    b"T": "data",
    b"L": "header",
    b"N": "end_of_headers",
    b"B": "body",
    b"E": "end_of_data",
    b"U": "unknown",
}
VERDICTS = {
    "accept": b"a",
    "discard": b"d",
    "garbage": b"?",
    "reject": b"r",
    "shutdown": b"4",
    "tempfail": b"t",
}
CONTINUE = b"c"
EVERY_STEP_AND_ACTION = struct.pack("!III", 6, 0x1FF, 0)


class Handler(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        stage = verdict = ""
        for command, data in self._packets():
            if command == b"O":
                self._send(b"O", EVERY_STEP_AND_ACTION)
            elif command == b"D" and b"{daemon_name}" in data:
                words = data.split(b"\0")
                order = words[words.index(b"{daemon_name}") + 1].decode()
                stage, _, verdict = order.partition(" ")
            elif command == b"L" and data.startswith(b"X-Milter\0"):
                self._send(VERDICTS[data.split(b"\0")[1].decode().strip()])
            elif command in STAGES:
                if STAGES[command] != stage:
                    self._send(CONTINUE)
                elif verdict == "hang up":
                    return
                elif verdict in VERDICTS:
                    self._send(VERDICTS[verdict])
                else:
                    self._send(b"y", verdict.encode() + b"\0")

    def _packets(self) -> Iterator[tuple[bytes, bytes]]:
        while head := self.rfile.read(4):
            (length,) = struct.unpack("!I", head)
            packet = self.rfile.read(length)
            yield packet[:1], packet[1:]

    def _send(self, command: bytes, data: bytes = b"") -> None:
        self.wfile.write(struct.pack("!I", len(data) + 1) + command + data)
