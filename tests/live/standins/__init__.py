"""What Postfix talks to, in small: started once, in threads."""

import threading

from tests.live.standins import cleanup, dns, dovecot, milter, policy, smtp


def start() -> None:
    servers = [
        cleanup.Server(),
        dns.Server(),
        dovecot.Server(),
        milter.Server(),
        policy.Server(),
        *(smtp.Server(port) for port in (smtp.PORT, smtp.REFUSING_PORT, smtp.SILENT_PORT)),
    ]
    for server in servers:
        threading.Thread(target=server.serve_forever, daemon=True).start()
