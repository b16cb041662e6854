"""A Dovecot authentication server for PLAIN; the password says how a login ends."""

import base64
import socketserver

PORT = 10033
WELCOME = (
    "VERSION\t1\t1\nMECH\tPLAIN\tplaintext\nMECH\tLOGIN\tplaintext\n"
    "SPID\t1\nCUID\t1\nCOOKIE\t0123456789abcdef0123456789abcdef\nDONE\n"
)
# By password. The name of who logs in is anna.
ENDS = {
    "right": "OK\t{id}\tuser=anna",
    "reason": "FAIL\t{id}\tuser=anna\treason=Not on Sundays",
    "more": "CONT\t{id}\t" + base64.b64encode(b"Password:").decode(),
}
WRONG = "FAIL\t{id}\tuser=anna"


class Handler(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        self.wfile.write(WELCOME.encode())
        for line in self.rfile:
            command, number, *rest = line.decode().rstrip("\n").split("\t")
            if command not in ("AUTH", "CONT"):
                continue
            response = rest[-1].removeprefix("resp=")
            password = base64.b64decode(response).decode().split("\0")[-1]
            if password == "hang up":
                return
            self.wfile.write((ENDS.get(password, WRONG).format(id=number) + "\n").encode())
