"""A policy service that answers with what the service's policy context says.

So a scenario sets smtpd_policy_service_policy_context to the answer that it wants.
"""

import socketserver

PORT = 10031


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", PORT), Handler)


class Handler(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        for line in self.rfile:
            name, _, value = line.decode().rstrip("\n").partition("=")
            if name == "policy_context":
                self.wfile.write(f"{value}\n\n".encode())
