"""A policy service that answers with what the service's policy context says.

So a scenario sets smtpd_policy_service_policy_context to the answer that it wants.
"""

import socketserver

PORT = 10031


class Handler(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        for line in self.rfile:
            name, _, value = line.decode().rstrip("\n").partition("=")
            if name == "policy_context":
                self.wfile.write(f"{value}\n\n".encode())
