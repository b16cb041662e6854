"""Replies that the log of Postfix quotes, taken out of what it wraps around them."""

import re
from collections.abc import Iterable, Iterator

# smtpd and postscreen: NOQUEUE: reject: RCPT from name[address]: 554 5.7.1 text; from=<...
SERVER = re.compile(
    r": (?:NOQUEUE|[0-9A-F]+): (?:reject|reject_warning|milter-reject|proxy-reject)"
    r": .*? from \S+: (?P<reply>[2-5][0-9]{2} .*)"
)
# What the log says of the session behind a reply, which may hold "; " itself.
SESSION = re.compile(r"; (?:from|to|proto)=[^;]*$")
# smtp: status=deferred (host name[address] said: 450 4.7.1 text (in reply to RCPT TO command))
CLIENT = re.compile(
    r" status=\S+ \(.*?(?:said|refused to talk to me): (?P<reply>[2-5][0-9]{2}[ -].*?)"
    r"(?: \(in reply to [^()]*\))?\)$"
)


def replies(log: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Each line that quotes a reply, and the reply."""
    for line in log:
        if found := SERVER.search(line):
            yield line, SESSION.sub("", found["reply"])
        elif found := CLIENT.search(line):
            yield line, found["reply"]
