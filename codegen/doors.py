"""The doors of Postfix: through which a literal in its C code reaches a client, or a status."""

import re

from codegen.tokens import Token

# Where the literals stand, below src/, that reach an SMTP client.
REPLIES = (
    "cleanup/*.c",
    "global/cleanup_strerror.c",
    "global/mail_params.h",
    "global/mime_state.c",
    "milter/milter*.c",
    "postscreen/*.[ch]",
    "smtpd/*.[ch]",
    "smtpstone/smtp-sink.c",
    "trivial-rewrite/*.c",
    "xsasl/*.c",
)
# Where those stand that the delivery side writes behind a status.
REASONS = (
    "bounce/*.c",
    "cleanup/*.c",
    "discard/discard.c",
    "dns/dns_lookup.c",
    "dns/dns_strerror.c",
    "error/error.c",
    "global/abounce.c",
    "global/bounce.c",
    "global/bounce_log.c",
    "global/cleanup_strerror.c",
    "global/defer.c",
    "global/deliver_flock.c",
    "global/deliver_pass.c",
    "global/dot_lockfile.c",
    "global/dsn_filter.c",
    "global/mail_copy.c",
    "global/mbox_open.c",
    "global/mime_state.c",
    "global/pipe_command.c",
    "global/sent.c",
    "global/sys_exits.c",
    "global/trace.c",
    "global/verify.c",
    "local/*.c",
    "milter/milter*.c",
    "oqmgr/*.c",
    "pipe/pipe.c",
    "qmgr/*.c",
    "smtp/*.c",
    "trivial-rewrite/*.c",
    "util/safe_open.c",
    "verify/verify.c",
    "virtual/*.c",
)
# Those of them where only a status that is for good is a reason: cleanup bounces local mail with
# it. With another one such mail stays where it is, and no status is written.
REFUSING = ("cleanup/*.c", "global/cleanup_strerror.c", "milter/milter*.c")
# Programs that try a part of Postfix, and are no part of it.
TRIALS = "_test.c"

# Calls whose texts go to the client, whether a code stands beside them or not.
SENDING = re.compile(
    r"v?smtpd_chat_reply|skip_bdat|smtpd_check_reject|DEFER_IF_\w+|defer_if|reject_dict_retry"
    r"|reject_server_error|rbl_reject_reply|check_table_result|PSC_SEND_REPLY"
    r"|PSC_(?:CLEAR_EVENT_)?DROP_SESSION_STATE|PSC_ENFORCE_SESSION_STATE|PSC_SMTPD_X21"
)
# Calls with the words of a status, and which argument those are, counted from 0.
STATUS = {
    "DSN_ASSIGN": 3,
    "DSN_SIMPLE": 2,
    "dane_incompat": 3,
    "dsb_simple": 2,
    "dsb_unix": 3,
    "dsb_update": 7,
    "smtp_mesg_fail": 3,
    "smtp_misc_fail": 4,
    "smtp_rcpt_fail": 4,
    "smtp_site_fail": 3,
}
REPLY_CODE = re.compile("[2-5][0-9]{2}")
# Macros that stand for two arguments.
PAIR = re.compile(r"DSB_SKIP_\w+")
# Calls that put words, their second argument, into the buffer that is the first.
FILLING = re.compile(
    r"vstring_(?:sprintf|sprintf_append|sprintf_prepend|prepend|strcat|strcpy)|BUF_ASSIGN"
)
# The buffers that hold the words of a status.
BUFFERS = frozenset(("junk", "nexthop", "reason", "why"))
# The pointers that point to such words.
POINTERS = frozenset(("reason", "text"))
# Tables that hold nothing but such words.
TABLES = frozenset(("dns_error_map",))


class Call:
    """A call whose arguments are being read."""

    __slots__ = ("at", "fills", "sends", "status", "words")
    at: int  # the number of the argument
    fills: bool  # it may put words into a buffer
    sends: bool  # its words go to a client
    status: bool  # it makes a status, or is an argument of what does
    words: int | None  # which argument has the words of the status

    def __init__(self, name: str = "", outer: "Call | None" = None) -> None:
        """`outer` is the call that it is an argument of. Bare parentheses are a part of that."""
        bare = outer is not None and outer.says and not name.isidentifier()
        self.at = 0
        self.sends = (outer is not None and outer.sends) or SENDING.fullmatch(name) is not None
        self.fills = FILLING.fullmatch(name) is not None
        self.words = 0 if bare else STATUS.get(name)
        self.status = (outer is not None and outer.status) or self.words is not None

    def end_argument(self, last: str) -> None:
        """An argument has ended, with a name or a mark."""
        if self.fills and self.at == 0 and last in BUFFERS:
            self.words, self.status = 1, True
        self.at += 1

    @property
    def says(self) -> bool:
        """Whether the argument that is being read has the words of a status."""
        return self.words == self.at


class Statement:
    """What of a statement has been read so far."""

    def __init__(self) -> None:
        """Nothing has been."""
        self.code: int | None = None
        self.enhanced: str | None = None
        self.calls = [Call()]  # the first is none: it stands for what is outside of all calls
        self.last = self.before = ""

    def take(self, token: Token) -> None:
        """Read on."""
        said = token.text
        if token.kind == "mark":
            self._mark(said)
        elif token.kind == "name":
            if said.endswith("_code"):
                self.code = None
            if PAIR.fullmatch(said):
                self.calls[-1].at += 1
        elif token.kind == "number" and REPLY_CODE.fullmatch(said):
            self.code, self.enhanced = int(said), None
        self.last, self.before = said, self.last

    def _mark(self, mark: str) -> None:
        if mark in ";{}":
            self.code, self.enhanced = None, None
            del self.calls[1:]
        elif mark == "(":
            self.calls.append(Call(self.last, self.calls[-1]))
        elif mark == ")" and len(self.calls) > 1:
            self.calls.pop()
        elif mark == "," and len(self.calls) > 1:
            self.calls[-1].end_argument(self.last)

    @property
    def sends(self) -> bool:
        """Whether a literal that is next goes to a client."""
        return self.calls[-1].sends or self.enhanced is not None

    @property
    def says(self) -> bool:
        """Whether a literal that is next has the words of a status."""
        call = self.calls[-1]
        if call.status:
            return call.says
        return self.enhanced is not None or (self.last == "=" and self.before in POINTERS)
