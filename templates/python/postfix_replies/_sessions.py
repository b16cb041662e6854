"""From the transcript of an SMTP session to the refusals in it.

A notice to the postmaster, what curl, swaks or telnet show, the debug lines of libraries.
"""

from __future__ import annotations

from postfix_replies import Kind, Speaker
from postfix_replies._clients import QUOTES, literal
from postfix_replies._identify import _CODES
from postfix_replies._reading import made, of_reply
from postfix_replies._tails import address_end
from postfix_replies._wrapped import BLANKS, clients, is_reply
from postfix_replies._wrappers import MARKS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from postfix_replies._reading import Reading

    Fields = dict[str, str]

_COMMANDS = (
    *("AUTH ", "BDAT ", "EHLO ", "ETRN ", "HELO ", "LHLO ", "MAIL FROM:", "RCPT TO:"),
    *("VRFY ", "XCLIENT ", "XFORWARD "),
)
_WHOLE = ("DATA", "NOOP", "QUIT", "RSET", "STARTTLS")  # commands that are a word
_LONGEST_MARK = 6  # characters of a mark that counts at the beginning of a line only
_REFUSED = 400
_NOTED = (
    " Out: ",
    " In:  ",
)  # the marks of a notice (smtpd/smtpd_chat.c:smtpd_chat_notify)
_FOLDED = "     "
_ABORTED = "\nSession aborted, reason: "
_SERVER_NOTICE = "SMTP server: errors from "
_CLIENT_NOTICE = "client: errors from "


def read_session(text: str) -> list[Reading]:
    """The refusals of a transcript in order; without any, the session; empty where it is none."""
    lines = text.replace("\r", "").split("\n")
    sent = [marked(line) for line in _unfolded(lines)]
    answers = [kind for kind, _, line in sent if kind and is_reply(line)]
    if answers:
        said = [(sent_by, line) for _, sent_by, line in sent]
        kind, parties = Kind(answers[0]), _parties(text, answers[0])
        return list(_refusals(kind, said, *parties)) or [
            _unrefused(kind, text, parties[2])
        ]
    if sum(map(is_reply, lines)) < 2 or not _is_conversation(lines):
        return []
    said = [("server" if is_reply(line) else "client", line) for line in lines]
    return list(_refusals(Kind.CLIENT_SESSION, said, "server", Speaker.SERVER, {}))


def _unrefused(kind: Kind, text: str, fields: Fields) -> Reading:
    """A session in which nothing was refused, and why it ended, if a notice says so."""
    _, _, rest = text.partition(_ABORTED)
    return made(kind, None, None, rest.partition("\n")[0] or None, fields)


def _unfolded(lines: list[str]) -> list[str]:
    """The lines of a notice to the postmaster, which folds the long ones behind its marks."""
    pieces: list[list[str]] = []
    for line in lines:
        folded = (
            line.startswith(_FOLDED) and pieces and pieces[-1][0].startswith(_NOTED)
        )
        if folded:
            pieces[-1].append(line.strip(BLANKS))
        else:
            pieces.append([line])
    return [" ".join(said) for said in pieces]


def _is_conversation(lines: list[str]) -> bool:
    """Whether lines without marks have a command, or are replies and nothing else."""
    others = [line for line in lines if line and not is_reply(line)]
    return not others or any(map(_is_command, others))


def marked(line: str) -> tuple[str, str, str]:
    """What a line's mark says the text is, who sent the line, and the line without the mark."""
    for mark, sent_by, kind in MARKS:
        at = line.find(mark) if len(mark) > _LONGEST_MARK else 0
        if at >= 0 and line.startswith(mark, at):
            said = line[at + len(mark) :]
            if mark[-1] in QUOTES:  # a literal of Python
                start = at + len(mark) - (2 if mark[-2:-1] == "b" else 1)
                said = literal(line, start)[0].rstrip("\r\n")
            if sent_by == "client" or is_reply(said):
                return kind, sent_by, said
    return "", "", line


def _parties(text: str, kind: str) -> tuple[str, Speaker, Fields]:
    """Who it is that refuses, and who that is; the subject of a notice turns it over."""
    fields: Fields = {}
    if kind != "postmaster_transcript":
        return "server", Speaker.SERVER, fields
    if _CLIENT_NOTICE in text:
        return "client", Speaker.REMOTE, fields
    _, found, rest = text.partition(_SERVER_NOTICE)
    if found:
        clients(rest.partition("\n")[0], fields)
    return "server", Speaker.SMTPD, fields


def _refusals(
    kind: Kind,
    said: list[tuple[str, str]],
    server: str,
    speaker: Speaker,
    about: Fields,
) -> Iterator[Reading]:
    """The refusals of a conversation, each with the command that it answers."""
    asked: list[str] = []
    answered = 0  # commands that have an answer
    sender = ""
    reply: list[str] = []
    for sent_by, line in said:
        if sent_by and sent_by != server:
            if _is_command(line):
                asked.append(line)
        elif is_reply(line) and (sent_by or _goes_on(reply, line)):
            if not _goes_on(reply, line):
                reply = []
            reply.append(line)
            if line[3:4] == "-":
                continue
            command = asked[answered] if answered < len(asked) else ""
            answered += 1 if command else 0
            sender = _address(command, "MAIL FROM:") or sender
            if _CODES[line[:3]] >= _REFUSED:
                fields = _about(about, command, sender)
                yield of_reply(kind, speaker, "\n".join(reply), fields)
            reply = []


def _goes_on(reply: list[str], line: str) -> bool:
    """Whether a line is one more of a reply, which has no mark where lines are shown as one."""
    return bool(reply) and reply[0][:3] == line[:3]


def _about(about: Fields, command: str, sender: str) -> Fields:
    fields = dict(about)
    if sender:
        fields["from"] = sender
    recipient = _address(command, "RCPT TO:")
    if recipient:
        fields["to"] = recipient
    if command:
        # What follows AUTH is a password, or nearly.
        secret = _upper(command).startswith("AUTH ")
        fields["command"] = " ".join(command.split(" ")[:2]) if secret else command
    return fields


def _is_command(line: str) -> bool:
    upper = _upper(line)
    return upper.startswith(_COMMANDS) or upper.strip(BLANKS) in _WHOLE


def _upper(line: str) -> str:
    return line.upper() if line.isascii() else line


def _address(command: str, verb: str) -> str:
    rest = command[len(verb) :].lstrip(" ")
    if not _upper(command).startswith(verb) or rest[:1] != "<":
        return ""
    end = address_end(rest, 1)
    return rest[1 : end if end >= 0 else max(rest.rfind(">"), 1)]
