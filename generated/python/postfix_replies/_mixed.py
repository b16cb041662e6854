"""From a text with lines of a log, whole or broken, alone or among others, to what it says.

A line with the tag of Postfix at its head is read by itself. All between is read as one text: a
line of a log in the middle does not tear a notification apart.
"""

from __future__ import annotations

from itertools import chain

from postfix_replies._grammar import is_long
from postfix_replies._sessions import marked
from postfix_replies._wrapped import BLANKS, is_reply, lowered

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Optional, Union

    from postfix_replies._reading import Reading

    Logged = Callable[[str], Optional[Reading]]  # what reads a line of a log
    Plain = Callable[[str], list[Reading]]  # what reads a text without any
    Heads = dict[int, Reading]  # by the number of their line
    Part = Union[Reading, list[str]]  # a line of a log, or the lines between two

MOST_PIECES = 20  # lines that one is broken into; of more it is not known where it ends
_WIDEST_MAIL = (
    78  # characters of a line that mail programs make (RFC 5322 section 2.1.1)
)
_MOST_FIELDS = 200  # lines of the head of a message
# Fields that have neither blanks nor commas.
_SINGLE = ("relay", "remote", "delay", "delays", "dsn", "status", "conn_use", "proto")
_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ")
_STAMPS = (" 00 00:00:00 ", "  0 00:00:00 ")  # behind a month
_ISO = "0000-00-00T00:00:00"
_DIGITS = str.maketrans("123456789", "0" * 9)
_RETURNED = (
    *("message/rfc822", "message/global"),
    *("text/rfc822-headers", "message/global-headers"),
)
# What Exim and qmail write before what they return.
_COPIES = ("------ This is a copy of ", "--- Below this line is a copy of ")
_PAIRS = (("<", ">"), ("[", "]"))


def mended(text: str, logged: Logged) -> tuple[list[str], Heads]:
    """The lines of a text, a log's put together where they were broken; and those with a head.

    What was returned is left out: its author chose it.
    """
    lines = _outside(text.split("\n"))
    heads = _heads(lines, logged)
    made: list[str] = []
    found: Heads = {}
    at = 0
    while at < len(lines):
        line, reading, end = lines[at], heads.get(at), at + 1
        if reading is not None:
            line, reading, end = _whole(lines, at, heads, logged)
            found[len(made)] = reading
        made.append(line)
        at = end
    return made, found


def read_mixed(
    lines: list[str], heads: Heads, logged: Logged, plain: Plain
) -> list[Reading]:
    """What lines say of which some have the head of a log; empty where none has."""
    if not heads:
        return []
    parts = _parts(lines, heads, logged)
    between = _between([part for part in parts if isinstance(part, list)], plain)
    found: list[Reading] = []
    for part in parts:
        if isinstance(part, list):
            found += next(between)
        else:
            found.append(part)
    return found


def is_log(lines: list[str], heads: Heads) -> bool:
    """Whether all lines have the head of a log."""
    return all(at in heads or not line.strip(BLANKS) for at, line in enumerate(lines))


def is_whole(reading: Reading) -> bool:
    """Whether a reading names a reply or reason of which nothing was cut off."""
    return "words" not in reading._unsure and _is_named(reading)


def _is_named(reading: Reading) -> bool:
    return reading.reply is not None or reading.reason is not None


def _heads(lines: list[str], logged: Logged) -> Heads:
    """The lines that have the head of a log."""
    tagged: Heads = {}
    for at, line in enumerate(lines):
        if "/" in line:
            line = line.rstrip("\r")
            reading = logged(line)
            if reading is not None and _is_head(line, reading._fields.get("tag", "")):
                tagged[at] = reading
    heads: Heads = {}
    for at, reading in tagged.items():
        # Folded text, of a bounce or a notice, can be another's words.
        begins = at == 0 or at - 1 in heads or not lines[at - 1].strip(BLANKS)
        if begins or not _is_folded(lines[at]):
            heads[at] = reading
    return heads


def _is_head(line: str, tag: str) -> bool:
    """Whether a line has a tag as its head, and does not only mention it."""
    sure = tag.startswith("postfix") or f"{tag}[" in line or line[:1] == "{"
    if not tag or not sure:
        return False
    kind, _, said = marked(line)
    return not is_reply(said if kind else line)


def _outside(lines: list[str]) -> list[str]:
    """The lines that are not of a returned message."""
    found: list[str] = []
    boundary = end = ""
    returned = reported = False
    for at, given in enumerate(lines):
        line = _said(given)
        if returned:
            returned = line != end
            continue
        if line.endswith(":") and at + 1 < len(lines):  # its value may be folded
            line += _said(lines[at + 1])
        reported = reported or _is_of_report(line)
        returned = _is_copy(line) and (reported or not _is_report(lines, at))
        if returned:
            end = f"{boundary}--" if boundary else "\n"  # none, without a boundary
        elif line.startswith("--"):
            boundary = line
        found.append(given)
    return found


def _is_of_report(line: str) -> bool:
    """Whether a line is one of the head of a notification, or of the report in it."""
    if line[:2] not in ("Co", "co"):
        return False
    said = lowered(line)
    return said.startswith("content-type:") and (
        "multipart/report" in said or "delivery-status" in said
    )


def _is_report(lines: list[str], at: int) -> bool:
    """Whether the message behind a line is a notification that somebody passed on."""
    heads = 0
    for line in map(_said, lines[at + 1 : at + _MOST_FIELDS]):
        heads += line == ""  # first that of the part, then that of the message
        if heads > 1:
            return False
        if _is_of_report(line):
            return True
    return False


def _is_copy(line: str) -> bool:
    """Whether a returned message begins behind a line."""
    name, _, kind = line.partition(":")
    if lowered(name) == "content-type":
        return lowered(kind.partition(";")[0].strip(BLANKS)) in _RETURNED
    return line.startswith(_COPIES)


def _said(line: str) -> str:
    """A line without the marks of a mail reader and its end."""
    return unmarked(line).rstrip("\r")


def unmarked(line: str) -> str:
    """A line without the marks of a mail reader that quotes it."""
    return line[len(_mark(line)) :]


def _mark(line: str) -> str:
    """The `> ` with which mail readers quote a line, once or more; mostly nothing."""
    if line[:1] != ">":
        return ""
    said = line.lstrip("> ")
    mark = line[: len(line) - len(said)].rstrip(" ")
    return f"{mark} " if line.startswith(" ", len(mark)) else mark


def _is_dated(line: str) -> bool:
    """Whether a line begins with a time as those of a log do."""
    shape = line[:20].translate(_DIGITS)
    return shape.startswith(_ISO) or (
        shape[:3] in _MONTHS and shape.startswith(_STAMPS, 3)
    )


def _parts(lines: list[str], heads: Heads, logged: Logged) -> list[Part]:
    """The lines of a log, and what stands between them, in order."""
    parts: list[Part] = []
    between: list[str] = []
    goes_on = False
    for at, line in enumerate(lines):
        if at in heads:
            parts.append(heads[at])
            goes_on = False
        elif not line.strip(BLANKS):
            # It ends what stood before, also behind a line of a log.
            between.append(line)
        elif not _is_others(line, logged):
            if not goes_on:
                between = []
                parts.append(between)
                goes_on = True
            between.append(line)
    return parts


def _is_others(line: str, logged: Logged) -> bool:
    """Whether another program logged a line: such lines say nothing of Postfix."""
    return _is_dated(line) and not marked(line)[0] and logged(line.rstrip("\r")) is None


def _between(stretches: list[list[str]], plain: Plain) -> Iterator[list[Reading]]:
    """What stands between lines of a log, for each stretch of it.

    Where each by itself says all that they say together, that counts. Else a line of a log tore
    something apart: then they are one text, of which at most it is known where each part stands.
    """
    texts = ["\n".join(lines) for lines in stretches]
    said = plain(_joined(stretches).strip("\r\n"))
    if len(texts) < 2 or not said:
        yield said
        yield from ([] for _ in texts[1:])
        return
    alone = [plain(text.strip("\r\n")) for text in texts]
    counts = [len(readings) for readings in alone]
    if not _are_torn(said, alone):
        yield from alone
        return
    if sum(counts) != len(said):
        first = next((at for at, count in enumerate(counts) if count), 0)
        counts = [len(said) if at == first else 0 for at in range(len(counts))]
    end = 0
    for count in counts:
        yield said[end : end + count]
        end += count


def _joined(stretches: list[list[str]]) -> str:
    """Stretches as one text, with a blank line between those that do not go on."""
    made: list[str] = []
    for lines in stretches:
        if made and not _continues(made[-1], lines[0]):
            made.append("")
        made += lines
    return "\n".join(made)


def _continues(last: str, line: str) -> bool:
    """Whether a line can go on with another: folded, or as a field behind a field."""
    return _is_folded(line) or (_is_field(line) and _is_field(last))


def _is_field(line: str) -> bool:
    """Whether a line is a field of a notification or of a message, or the rest of one."""
    name, colon, _ = unmarked(line).partition(":")
    name = name.replace("-", "")
    named = colon != "" and name.isascii() and name.isalnum()
    return named or _is_folded(line)


def _is_folded(line: str) -> bool:
    """Whether a line is folded: begins with a blank behind the marks of a mail reader."""
    return unmarked(line)[:1] in (" ", "\t")


def _are_torn(said: list[Reading], alone: list[list[Reading]]) -> bool:
    """Whether stretches by themselves lose something, or have a piece of a notification more."""
    together = set(map(_key, said))
    apart = set(map(_key, chain.from_iterable(alone)))
    more = (kind for kind, *_ in apart - together)
    return not together <= apart or any(kind.startswith("bounce_") for kind in more)


def _key(reading: Reading) -> tuple[str, str | None, str | None, int]:
    """What tells a reading from the others of a text."""
    said = reading.line, reading.words
    return (reading.kind.value, *said, len(reading._fields))


def _whole(
    lines: list[str], at: int, heads: Heads, logged: Logged
) -> tuple[str, Reading, int]:
    """A line of a log, with those that it was broken into if it needs them; and where it ends."""
    line, best, end = lines[at], heads[at], at + 1
    if is_whole(best) and not _lacks_tail(best):
        return line, best, end
    mark = _mark(line)
    pieces = _pieces(lines, at, heads)
    for nth in range(3):
        for count in range(2, len(pieces) + 1):
            some = pieces[:count]
            tried = _ways(some)[nth](some)
            reading = logged(tried)
            if reading is None or not _is_better(reading, best, end == at + 1):
                continue
            if _is_sure(reading):
                line, best, end = mark + tried, reading, at + count
    return line, best, end


def _lacks_tail(reading: Reading) -> bool:
    """Whether a refusal was cut before the end that smtpd writes behind each."""
    fields = reading._fields
    return "action" in fields and "stage" in fields and not _has_tail(reading)


def _has_tail(reading: Reading) -> bool:
    return "proto" in reading._fields and "helo" in reading._fields


def _is_sure(reading: Reading) -> bool:
    """Whether pieces belong together: they name something, or end as a refusal does."""
    fields = reading._fields
    if any(
        " " in fields.get(name, "") or "," in fields.get(name, "") for name in _SINGLE
    ):
        return False
    words = reading.words or ""
    if words.count("(") != words.count(")"):  # it ends in what does not belong to it
        return False
    # Where the program alone shows a reason, any words are one.
    return _has_tail(reading) or (_is_named(reading) and "reason" not in reading.unsure)


def _is_better(one: Reading, other: Reading, alone: bool) -> bool:
    """Whether a reading is better than another, which may be of a line alone.

    If more of the line was found, or as much and a reply that is known.
    """
    if alone or _rank(one) != _rank(other):
        return _rank(one) > _rank(other)
    return one.reply is not None and other.reply is None


def _rank(reading: Reading) -> tuple[bool, int]:
    """How much of a line was found: whether nothing was cut off, and how many fields.

    What does not belong to a line and is put behind it makes neither more.
    """
    return "words" not in reading._unsure, len(reading._fields)


def _pieces(lines: list[str], at: int, heads: Heads) -> list[str]:
    """A line of a log and those behind it that can be the rest of it, without quoting marks."""
    mark = _mark(lines[at])
    pieces = [lines[at][len(mark) :].rstrip("\r")]
    for number in range(at + 1, len(lines)):
        line = lines[number]
        piece = line[len(mark) :].rstrip("\r")
        if number in heads or not line.startswith(mark) or not _goes_on(piece):
            break
        pieces.append(piece)
        if len(pieces) > MOST_PIECES:
            return pieces[:1]
    return pieces


def _goes_on(piece: str) -> bool:
    """Whether a line can be the rest of one of a log."""
    if not piece.strip(BLANKS) or is_long(piece) or _is_dated(piece):
        return False
    return not marked(piece)[0]


def _ways(pieces: list[str]) -> tuple[Callable[[list[str]], str], ...]:
    """How to put pieces together, the likeliest first."""
    # Mail programs break at blanks, so that lines differ in length; terminals break all alike.
    lengths = [len(piece) for piece in pieces[:-1]]
    alike = len(lengths) > 1 and max(lengths) - min(lengths) <= 1
    if alike and max(lengths) > _WIDEST_MAIL:
        return _by_width, _by_blanks, "".join
    return _by_blanks, "".join, _by_width


def _by_blanks(pieces: list[str]) -> str:
    """Pieces that were broken at blanks, but not inside an address."""
    line = pieces[0]
    for piece in pieces[1:]:
        word = line[line.rfind(" ") + 1 :]
        if any(word.count(opened) > word.count(closed) for opened, closed in _PAIRS):
            line += piece
        else:
            line = f"{line.rstrip(BLANKS)} {piece.lstrip(BLANKS)}"
    return line


def _by_width(pieces: list[str]) -> str:
    """Pieces of a width at which they were broken; a shorter one has lost its last blank."""
    width = max(len(piece) for piece in pieces[:-1])
    padded = [piece if len(piece) == width else f"{piece} " for piece in pieces[:-1]]
    return "".join([*padded, pieces[-1]])
