"""What Postfix talks to, in small: started once, in threads."""

import socket
import socketserver
import threading

from tests.live.standins import cleanup, dns, dovecot, milter, policy, smtp


class Listener(socketserver.ThreadingTCPServer):
    """Listens on a port of loopback."""

    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 128  # Postfix opens many connections at once


HANDLERS = {
    dovecot.PORT: dovecot.Handler,
    milter.PORT: milter.Handler,
    policy.PORT: policy.Handler,
    **dict.fromkeys(smtp.GREETINGS, smtp.Handler),
}


def start() -> list[socket.socket]:
    """Start all; the sockets it gives are to be kept."""
    listeners = [
        Listener((smtp.HOST if port == smtp.USUAL_PORT else "127.0.0.1", port), handler)
        for port, handler in HANDLERS.items()
    ]
    for server in (cleanup.Server(), dns.Server(), *listeners):
        threading.Thread(target=server.serve_forever, daemon=True).start()
    return full(smtp.FULL_PORT)


def full(port: int) -> list[socket.socket]:
    """Sockets that keep a port busy, so that connections to it wait."""
    listener = socket.create_server(("127.0.0.1", port), backlog=0)
    waiting = socket.create_connection(("127.0.0.1", port))
    return [listener, waiting]
