"""What a line means, for people and for programs."""

from collections.abc import Iterator
from difflib import SequenceMatcher

from codegen import matching, text
from codegen.catalog import PARTIES, Catalog, Reply
from codegen.vectors import answer

LONGEST = 512  # characters of an unknown line that are compared; RFC 5321 section 4.5.3.1.5
PAGE = "generated/markdown/replies.md"


def facts(match: matching.Match) -> dict[str, object]:
    """A match and what the catalog says of it, for programs."""
    reply = match.reply
    return answer(match) | {
        "summary": reply.summary,
        "cause": reply.cause,
        "category": reply.category,
        "must_act": reply.must_act,
        "retry": reply.retry,
        "retry_note": reply.retry_note,
        "sender_action": reply.sender_action,
        "client_action": reply.client_action,
        "operator_action": reply.operator_action,
        "settings": [{"name": name, "moves": moves} for name, moves in reply.moved_by()],
        "twins": [twin._asdict() for twin in reply.twins],
        "since": reply.since,
        "until": reply.until,
        "note": reply.note,
        "page": f"{PAGE}#{reply.id}",
    }


def rows(match: matching.Match) -> Iterator[tuple[str, str]]:
    """A match and what the catalog says of it, a name and a sentence at a time."""
    reply = match.reply
    yield "reply", reply.id
    if match.form != matching.STANDARD:
        note = next(form.note for form in reply.forms if form.form == match.form)
        yield "wording", f"{match.form}. {note}"
    yield from match.params.items()
    yield "means", reply.summary
    yield "why", reply.cause
    yield "when", _when(match)
    yield "try again", reply.trying_again
    yield "who must act", PARTIES[reply.must_act]
    if match.closes:
        yield "connection", "The server hangs up after this reply."
    yield "sender", reply.sender_action
    yield "client", reply.client_action
    yield "operator", reply.operator_action
    yield "settings", ", ".join(name for name, _ in reply.moved_by()) or "none"
    for twin in reply.twins:
        yield "not to be confused with", f"{twin.id}: {twin.difference}"
    if reply.note:
        yield "note", reply.note
    yield "page", f"{PAGE}#{reply.id}"


def _when(match: matching.Match) -> str:
    for variant in match.reply.variants:
        if (variant.code, variant.enhanced) == (match.code, match.enhanced):
            return variant.when
    return "These codes are not among those that Postfix sends with this text by itself."


def nearest(catalog: Catalog, line: str) -> tuple[Reply, list[str]] | None:
    """The reply whose text is most like an unknown line, and the words that differ."""
    try:
        said = text.split_line(line[:LONGEST].split("\n")[0])[2].split()
    except ValueError:
        return None
    likest: tuple[float, Reply | None, str] = (0.3, None, "")
    for reply in catalog.replies:
        for _, template in matching.wordings(reply):
            likeness = SequenceMatcher(None, template.split(), said, autojunk=False).ratio()
            if likeness > likest[0]:
                likest = likeness, reply, template
    if likest[1] is None:
        return None
    return likest[1], list(_differences(likest[2].split(), said))


def _differences(known: list[str], said: list[str]) -> Iterator[str]:
    for kind, a, b, c, d in SequenceMatcher(None, known, said, autojunk=False).get_opcodes():
        if kind != "equal" and "{" not in "".join(known[a:b]):
            yield f"{' '.join(said[c:d]) or 'nothing'!r} where it has {' '.join(known[a:b])!r}"
