"""An SMTP server that replies as told: the next hop of mail, and a before-queue filter.

As a filter it is told by smtpd_proxy_ehlo: "COMMAND REPLY". As a next hop it is told by each
recipient's local part, with _ for a space and / for a line end.
"""

import socketserver

PORT = 10025
REFUSING_PORT = 10026  # its greeting is a refusal
SILENT_PORT = 10027  # ends every connection at once
HANG_UP = "hang up"


class Handler(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        port = self.connection.getsockname()[1]
        if port == SILENT_PORT:
            return
        self._reply(
            "554 next.example ESMTP not accepting connections"
            if port == REFUSING_PORT
            else "220 next.example ESMTP"
        )
        stage = reply = ""
        for line in self.rfile:
            command, _, rest = line.decode().strip().partition(" ")
            command = command.lower()
            if command == "ehlo" and " " in rest:
                stage, _, reply = rest.partition(" ")
            answer = reply if command == stage else DEFAULTS.get(command, "250 2.0.0 fine")
            if command == "rcpt" and rest[4:7].isdigit():
                answer = rest[4 : rest.index("@")].replace("_", " ").replace("/", "\r\n")
            if not self._reply(answer):
                return
            if command == "data" and answer.startswith("354"):
                while self.rfile.readline() not in (b".\r\n", b""):
                    pass
                if not self._reply(reply if stage == "." else "250 2.0.0 kept by next.example"):
                    return

    def _reply(self, text: str) -> bool:
        if text != HANG_UP:
            self.wfile.write(f"{text}\r\n".encode())
        return text != HANG_UP and not text.startswith("221")


DEFAULTS = {"data": "354 go on", "quit": "221 2.0.0 bye"}
