"""What Postfix talks to, in small: started once, in threads."""

import socketserver
import threading

from tests.live.standins import cleanup, dns, dovecot, milter, policy, smtp


class Listener(socketserver.ThreadingTCPServer):
    """Listens on a port of loopback."""

    allow_reuse_address = True
    daemon_threads = True


HANDLERS = {
    dovecot.PORT: dovecot.Handler,
    milter.PORT: milter.Handler,
    policy.PORT: policy.Handler,
    smtp.PORT: smtp.Handler,
    smtp.REFUSING_PORT: smtp.Handler,
    smtp.SILENT_PORT: smtp.Handler,
}


def start() -> None:
    listeners = [Listener(("127.0.0.1", port), handler) for port, handler in HANDLERS.items()]
    for server in (cleanup.Server(), dns.Server(), *listeners):
        threading.Thread(target=server.serve_forever, daemon=True).start()
