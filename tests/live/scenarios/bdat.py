"""BDAT, which sends a message in chunks."""

from tests.live.scenario import HELLO, TO_RCPT, Closed, mail, rcpt, say, scenario, smtpd

TO_BDAT = (*TO_RCPT, rcpt())
RECEIVED = "250 2.0.0 chunk_received"
DISCARDED = "551 5.0.0 chunk_discarded"
SYNTAX = "521 5.5.4 syntax_bdat"


def chunk(text: bytes, last: bool = False) -> bytes:
    return b"BDAT %d%s\r\n%s" % (len(text), b" LAST" * last, text)


SCENARIOS = (
    scenario(
        "chunks",
        smtpd(),
        *TO_BDAT,
        say(chunk(b"Subject: x\r\n\r\n"), RECEIVED, size="14"),
        rcpt("known@local.example", "503 5.5.1 rcpt_after_bdat"),
        say("DATA", "503 5.5.1 data_after_bdat"),
        say(chunk(b"hello\r\n", last=True), "250 2.0.0 message_queued_bytes"),
    ),
    scenario(
        "one empty chunk",
        smtpd(),
        *TO_BDAT,
        say(chunk(b"", True), "250 2.0.0 message_queued_bytes"),
    ),
    scenario(
        "a null chunk",
        smtpd(),
        *TO_BDAT,
        say(chunk(b""), "551 5.7.1 null_bdat_request"),
        say(chunk(b"hello"), DISCARDED, size="5"),
        say(chunk(b"hello", last=True), DISCARDED, size="5"),
    ),
    scenario(
        "MAIL after a null chunk",
        smtpd(),
        *HELLO,
        say(chunk(b""), "551 5.7.1 null_bdat_request"),
        mail("a@client.example", "503 5.5.1 mail_after_bdat"),
    ),
    scenario(
        "no recipients",
        smtpd(),
        *HELLO,
        say(chunk(b"hello", last=True), "503 5.5.1 need_rcpt_command"),
        mail(),
        say(chunk(b"hello", last=True), "554 5.5.1 no_valid_recipients"),
    ),
    scenario(
        "chunks over the limit",
        smtpd(message_size_limit="1000"),
        *TO_BDAT,
        say(chunk(b"x" * 1001, last=True), "552 5.3.4 chunk_exceeds_size_limit"),
    ),
    scenario("no number", smtpd(), *TO_BDAT, say("BDAT", SYNTAX), Closed()),
    scenario("a wrong number", smtpd(), *TO_BDAT, say("BDAT x LAST", SYNTAX), Closed()),
    scenario(
        "not announced",
        smtpd(smtpd_discard_ehlo_keywords="chunking"),
        *TO_BDAT,
        say("BDAT 1 LAST", "521 5.5.1 command_not_implemented"),
        Closed(),
    ),
    scenario(
        "BDAT restricted",
        smtpd(smtpd_data_restrictions="reject"),
        *TO_BDAT,
        say(chunk(b"hello", last=True), "554 5.7.1 data_access_denied", subject="DATA"),
    ),
)
