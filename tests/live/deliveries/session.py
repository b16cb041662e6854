"""Servers that refuse, hang up, fall silent or cannot take a message, at every stage.

What the stand-in does stands in the name that Postfix greets it with.
"""

from tests.live.delivery import HELLO, Delivery, Mail, Outcome, outcome, outcomes, via
from tests.live.standins import smtp

NEXT = f"[127.0.0.1]:{smtp.PORT}"
REMOTE = "127.0.0.1[127.0.0.1]"
UNKNOWN = "502 5.5.2 Error: command not recognized"
REJECTED = "550 5.7.1 Command rejected"
STAGES = {
    "mail": "MAIL FROM command",
    "rcpt": "RCPT TO command",
    "data": "DATA command",
    ".": "end of DATA command",
}
DOING = {
    "mail": "sending MAIL FROM",
    "rcpt": "sending RCPT TO",
    "data": "sending DATA command",
    ".": "sending end of data -- message may be sent more than once",
}
QUICK = {
    f"smtp_{stage}_timeout": "1s"
    for stage in ("helo", "mail", "rcpt", "data_init", "data_xfer", "data_done", "starttls")
}
NO_PIPELINING = {"smtp_discard_ehlo_keywords": "pipelining"}


def told(
    name: str,
    orders: str,
    expected: str | Outcome,
    mail: Mail = HELLO,
    /,
    daemon: str = "smtp",
    **settings: str,
) -> Delivery:
    greeting = "smtp_helo_name" if daemon == "smtp" else "lmtp_lhlo_name"
    nexthop = NEXT if daemon == "smtp" else f"inet:127.0.0.1:{smtp.PORT}"
    expects = outcome(expected) if isinstance(expected, str) else expected
    return Delivery(
        name, (expects,), via(daemon, nexthop, **{greeting: orders}, **settings), mail=mail
    )


def greeted(name: str, port: int, expected: str, **settings: str) -> Delivery:
    return Delivery(name, outcomes(expected), via("smtp", f"[127.0.0.1]:{port}", **settings))


def part(number: int) -> str:
    """The beginning of one more part within the last."""
    return f"Content-Type: multipart/mixed; boundary=b{number}\n\n--b{number}\n"


REFUSALS = tuple(
    told(f"refused at {STAGES[stage]} with {reply[:3]}", f"{stage} {reply}", f"{status} host_said")
    for stage in STAGES
    for reply, status in (
        ("450 4.3.2 Service currently unavailable", "deferred 4.3.2"),
        ("550 5.7.1 Command rejected", "bounced 5.7.1"),
    )
)
LOSSES = tuple(
    told(
        f"lost at {STAGES[stage]}",
        f"{stage} hang up",
        outcome("deferred 4.4.2 lost_connection", remote=REMOTE, doing=DOING[stage]),
    )
    for stage in STAGES
)
SILENCES = tuple(
    told(
        f"silence at {STAGES[stage]}",
        f"{stage} silence",
        outcome("deferred 4.4.2 conversation_timed_out", remote=REMOTE, doing=DOING[stage]),
        **QUICK,
    )
    for stage in STAGES
)
DELIVERIES = (
    greeted("a greeting that refuses", smtp.REFUSING_PORT, "deferred 4.0.0 host_refused_to_talk"),
    greeted(
        "a greeting that refuses for good",
        smtp.REFUSING_PORT,
        "bounced 5.0.0 host_refused_to_talk",
        smtp_skip_5xx_greeting="no",
    ),
    greeted("a busy greeting", smtp.BUSY_PORT, "deferred 4.3.2 host_refused_to_talk"),
    greeted("no greeting", smtp.SILENT_PORT, "deferred 4.4.2 lost_connection"),
    greeted(
        "a greeting that does not come",
        smtp.WAITING_PORT,
        "deferred 4.4.2 conversation_timed_out",
        smtp_helo_timeout="1s",
    ),
    told(
        "no EHLO and no HELO",
        f"ehlo {UNKNOWN}|helo {REJECTED}",
        "bounced 5.7.1 host_refused_to_talk",
    ),
    told("EHLO hangs up", "ehlo hang up|helo hang up", "deferred 4.4.2 lost_connection"),
    told("EHLO is silent", "ehlo silence", "deferred 4.4.2 conversation_timed_out", **QUICK),
    told(
        "LHLO refused",
        "lhlo 550 5.7.1 Command rejected",
        "bounced 5.7.1 host_refused_to_talk",
        daemon="lmtp",
    ),
    told(
        "RCPT refused by lmtp",
        "rcpt 550 5.7.1 Command rejected",
        "bounced 5.7.1 host_said",
        daemon="lmtp",
    ),
    told(
        "many lines",
        "rcpt 450-4.3.2 Service currently unavailable/450 4.3.2 Ask us",
        "deferred 4.3.2 host_said",
    ),
    *REFUSALS,
    *LOSSES,
    *SILENCES,
    told("2xx to DATA", "data 250 2.0.0 Ok", "bounced 5.5.0 protocol_error_from_host"),
    Delivery(
        "a server that has my name",
        outcomes("bounced 5.4.6 mail_loops_back"),
        via("smtp", f"[{smtp.HOST}]", smtp_helo_name="ehlo 250 mx.example.com"),
    ),
    told(
        "a message too large",
        "ehlo 250-next.example/250 SIZE 100",
        outcome("bounced 5.3.4 message_exceeds_server_limit", limit="100", remote=REMOTE),
        Mail(text="Subject: large\n\n" + "x" * 200 + "\n"),
    ),
    told(
        "no SMTPUTF8",
        "ehlo 250 next.example",
        "bounced 5.6.7 smtputf8_not_supported",
        Mail(options=("SMTPUTF8",), text="Subject: gr\u00fc\u00dfe\n\nhello\n"),
    ),
    told(
        "parts nested too deep",
        "ehlo 250 next.example",
        "bounced 5.6.0 mime_parts_nested_too_deep",
        Mail(
            options=("BODY=8BITMIME",),
            text="MIME-Version: 1.0\n" + "".join(map(part, range(6))) + "\ngr\u00fc\u00dfe\n",
        ),
        mime_nesting_limit="2",
    ),
    told(
        "a local table fails",
        "mail 250 fine",
        "deferred 4.3.0 local_lookup_failed_in_session",
        smtp_body_checks="fail:table",
    ),
)
