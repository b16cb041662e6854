"""A Postfix with one service for each set of settings, on loopback."""

import json
import shutil
import time
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from tests.live.delivery import Delivery, Route
from tests.live.sandbox import command
from tests.live.scenario import Service
from tests.live.standins import milter, smtp

CONFIGURATION = Path("/etc/postfix")
KEPT = Path("/var/mail/kept")
LOG = Path("/var/log/postfix.log")
FIRST_PORT = 20001
PORT = 20000  # takes the mail that is to be delivered
VERIFYING_PORT = 19999  # asks whether it would be
PATIENCE = 15  # seconds that bounces may take
UNDER_WAY = ("maildrop", "incoming", "active")
LOGINS = "proxy:btree:/var/lib/postfix/logins"  # those that a server refused
SASL_USERS = Path("/var/lib/postfix/sasl.db")
SASL = f"""\
pwcheck_method: auxprop
auxprop_plugin: sasldb
sasldb_path: {SASL_USERS}
mech_list: PLAIN LOGIN CRAM-MD5
"""

TRANSPORTS = (
    # Who sent the mail gets its bounces, and the postmaster the notices.
    "client.example=virtual:",
    "kept.example=virtual:",
    "unknown.example=virtual:",
    f"next.example=smtp:[127.0.0.1]:{smtp.PORT}",
    f"refusing.example=smtp:[127.0.0.1]:{smtp.REFUSING_PORT}",
    f"silent-next.example=smtp:[127.0.0.1]:{smtp.SILENT_PORT}",
    "{ ended.example = error:5.1.2 No such place }",
    "{ paused.example = retry:4.4.1 Back tomorrow }",
    "serviceless.example=nosuch:",
    "{ silent.example = error: }",
)

# Only this domain cannot be looked up.
UNREADABLE = "pipemap:{inline:{unreadable.example=x}, fail:table}"
# Settings that are also those of every service, unless it has its own.
MAIN = {
    "compatibility_level": "3.6",
    "myhostname": "mx.example.com",
    "inet_interfaces": "127.0.0.1",
    "maillog_file": str(LOG),
    "mynetworks": "127.0.0.0/8",
    "relocated_maps": "inline:{moved@local.example=anna@new.example}",
    # A message says in its X-Order header what is to become of it.
    "header_checks": "regexp:{ { /^X-Order: (.*)/ $$1 } }",
    "tlsproxy_tls_security_level": "may",
    "tlsproxy_tls_cert_file": "/etc/postfix/server.pem",
    "tlsproxy_tls_key_file": "/etc/postfix/server.pem",
    "in_flow_delay": "0",
    "smtpd_error_sleep_time": "0",
    "smtpd_hard_error_limit": "1000",
    "smtpd_tls_fingerprint_digest": "sha256",
    # Who is known. Mail for them is thrown away.
    "mydestination": "local.example",
    "local_recipient_maps": "inline:{known=x}",
    "alias_maps": "",
    "relay_domains": "relay.example, next.example",
    "relay_recipient_maps": "inline:{known@relay.example=x, @next.example=x}",
    "virtual_alias_domains": "alias.example",
    "virtual_alias_maps": "inline:{ {known@alias.example=known@local.example}, "
    "{reported@alias.example=known@local.example}, "
    "{several@alias.example=a@local.example, b@local.example} }, "
    "pipemap:{inline:{unreachable@client.example=x}, fail:table}",
    "virtual_mailbox_domains": "mailbox.example",
    "virtual_mailbox_maps": "inline:{ known@mailbox.example=x, @client.example=kept/, "
    "@kept.example=kept/ }",
    "virtual_mailbox_base": str(KEPT.parent),
    "virtual_uid_maps": "static:65534",
    "virtual_gid_maps": "static:65534",
    "notify_classes": "bounce, 2bounce, data, delay, policy, protocol, resource, software",
    **{
        f"{what}_notice_recipient": "postmaster@kept.example"
        for what in ("2bounce", "bounce", "delay", "error")
    },
    "defer_transports": "held-back",
    "proxy_write_maps": f"$address_verify_map {LOGINS}",
    # One failure is enough to suspend a destination.
    "suspended_initial_destination_concurrency": "1",
    "local_transport": "discard:",
    "virtual_transport": "discard:",
    "relay_transport": "discard:",
    "default_transport": "discard:",
}
# The daemons behind the services.
MACHINERY = f"""\
127.0.0.1:{PORT} inet n - n - - smtpd
  -o smtpd_reject_unlisted_recipient=no
  -o smtpd_sender_restrictions=
127.0.0.1:{VERIFYING_PORT} inet n - n - - smtpd
  -o smtpd_reject_unlisted_recipient=no
  -o smtpd_recipient_restrictions=reject_unverified_recipient
  -o address_verify_poll_count=1
postlog   unix-dgram n - n - 1 postlogd
pickup    unix n - n 60 1 pickup
  -o cleanup_service_name=cleanup-sent
cleanup   unix n - n - 0 cleanup
qmgr      unix n - n 300 1 qmgr
tlsmgr    unix - - n 1000? 1 tlsmgr
rewrite   unix - - n - - trivial-rewrite
bounce    unix - - n - 0 bounce
defer     unix - - n - 0 bounce
trace     unix - - n - 0 bounce
verify    unix - - n - 1 verify
showq     unix n - n - - showq
flush     unix n - n 1000? 0 flush
proxymap  unix - - n - - proxymap
proxywrite unix - - n - 1 proxymap
smtp      unix - - n - - smtp
error     unix - - n - - error
retry     unix - - n - - error
discard   unix - - n - - discard
local     unix - n n - - local
virtual   unix - n n - - virtual
anvil     unix - - n - 1 anvil
scache    unix - - n - 1 scache
smtpd     pass - - n - - smtpd
smtpd-one pass - - n - 1 smtpd
dnsblog   unix - - n - 0 dnsblog
tlsproxy  unix - - n - 0 tlsproxy
# Some that are out of order, for services that name them.
rewrite-failing unix - - n - - trivial-rewrite
  -o transport_maps=fail:table
rewrite-quiet unix - - n - - trivial-rewrite
  -o show_user_unknown_table_name=no
cleanup-failing unix n - n - 0 cleanup
  -o virtual_alias_maps=fail:table
cleanup-small unix n - n - 0 cleanup
  -o virtual_alias_expansion_limit=1
  -o {{ virtual_alias_maps =
    inline:{{ {{known@local.example = a@local.example, b@local.example}} }} }}
dying     unix - - n - - smtp
  -o smtp_generic_maps=fail:table
cleanup-sent unix n - n - 0 cleanup
  -o strict_8bitmime=yes
  -o strict_mime_encoding_domain=yes
  -o message_size_limit=20000
  -o mime_nesting_limit=2
  -o message_reject_characters=\\7
  -o {{ non_smtpd_milters = {{ inet:127.0.0.1:{milter.PORT}, default_action=reject }} }}
  -o milter_macro_daemon_name=listening
  -o delay_warning_time=1s
cleanup-strict unix n - n - 0 cleanup
  -o strict_8bitmime=yes
  -o strict_mime_encoding_domain=yes
  -o mime_nesting_limit=1
  -o message_reject_characters=\\7
  -o header_checks=
"""


def configure(
    services: Mapping[Service, str], deliveries: Collection[Delivery]
) -> dict[Service, int]:
    """Write main.cf and master.cf for the services and their names; give each one's port."""
    ports: dict[Service, int] = {}
    entries = []
    for port, (service, name) in enumerate(services.items(), FIRST_PORT):
        ports[service] = port
        entries.append(_entry(name, port, service))
    routed = [(one.domain, one.slug, one.route) for one in deliveries if one.route]
    entries += [_route(name, route) for _, name, route in routed]
    ways = [f"{{ {domain} = {name}:{route.nexthop} }}" for domain, name, route in routed]
    table = f"inline:{{ {' '.join((*TRANSPORTS, *ways))} }}"
    settings = MAIN | {"transport_maps": f"{UNREADABLE}, {table}"}
    (CONFIGURATION / "main.cf").write_text("".join(f"{k} = {v}\n" for k, v in settings.items()))
    (CONFIGURATION / "master.cf").write_text(MACHINERY + "".join(entries))
    return ports


def _entry(name: str, port: int, service: Service) -> str:
    processes = 1 if service.daemon == "postscreen" else "-"
    settings = {"syslog_name": name, **dict(service.settings)}
    head = f"127.0.0.1:{port} inet n - n - {processes} {service.daemon}\n"
    return head + _overrides(settings)


def _route(name: str, route: Route) -> str:
    daemon, _, arguments = route.daemon.removesuffix(" in chroot").partition(" ")
    privileged = "n" if daemon in ("local", "pipe", "virtual") else "-"
    chroot = "y" if route.daemon.endswith(" in chroot") else "n"
    head = f"{name} unix - {privileged} {chroot} - - {daemon}\n"
    return head + _overrides(dict(route.settings)) + (arguments and f"  {arguments}\n")


def _overrides(settings: Mapping[str, str]) -> str:
    return "".join(f"  -o {{ {key} = {value} }}\n" for key, value in settings.items())


def start() -> None:
    shutil.chown("/var/lib/postfix", "postfix")
    KEPT.mkdir()
    shutil.chown(KEPT, "nobody")
    for who in ("server", "client"):
        _certify(who)
    (CONFIGURATION / "sasl").mkdir(exist_ok=True)
    (CONFIGURATION / "sasl/smtpd.conf").write_text(SASL)
    add = ["saslpasswd2", "-c", "-p", "-f", SASL_USERS, "-u", "mx.example.com"]
    command(*add, "anna", send="right")
    shutil.chown(SASL_USERS, "postfix")
    try:
        command("postfix", "start")
    except RuntimeError as error:
        error.add_note(LOG.read_text() if LOG.exists() else "and it logged nothing")
        raise


def _certify(who: str) -> None:
    """Write a self-signed certificate and its key into one file."""
    file = CONFIGURATION / f"{who}.pem"
    key = "-nodes -newkey ec -pkeyopt ec_paramgen_curve:P-256 -keyout".split()
    subject = f"/CN={who}.example"
    command("openssl", "req", "-x509", "-subj", subject, *key, file, "-out", f"{file}.crt")
    file.write_text(file.read_text() + Path(f"{file}.crt").read_text())


def mail() -> list[str]:
    """The bounces and notices that were delivered, once nothing is on its way or time is up."""
    until = time.monotonic() + PATIENCE
    while any(entry["queue_name"] in UNDER_WAY for entry in queue()) and time.monotonic() < until:
        time.sleep(0.5)
    files = sorted((KEPT / "new").iterdir()) if (KEPT / "new").exists() else []
    return [file.read_text("utf-8", "replace") for file in files]


def queue() -> list[dict[str, Any]]:
    """The messages in the queue."""
    return [json.loads(line) for line in command("postqueue", "-j").splitlines()]


def stop() -> None:
    command("postfix", "stop")


def version() -> str:
    return command("postconf", "-dh", "mail_version").strip()
