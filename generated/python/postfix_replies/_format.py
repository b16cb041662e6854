"""From a reply and its parameters to the line, byte for byte."""

from __future__ import annotations

from postfix_replies._grammar import fits, is_enhanced
from postfix_replies._tables import TYPES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from postfix_replies import Reply


def format_line(
    reply: Reply,
    code: int | None,
    enhanced: str | None,
    form: str,
    params: dict[str, str],
) -> str:
    """The line. Raises ValueError, with what is wrong."""
    code, enhanced = _codes(reply, code, enhanced)
    pieces = _text(reply, form).split("{")
    said = pieces[0]
    unknown = dict(params)
    for piece in pieces[1:]:
        name, _, literal = piece.partition("}")
        if name not in unknown:
            raise ValueError(f"{reply.value} needs {name}")
        said += _checked(name, unknown.pop(name)) + literal
    if unknown:
        raise ValueError(f"{reply.value} has no {sorted(unknown)[0]}")
    return f"{code} {enhanced} {said}" if enhanced else f"{code} {said}"


def _codes(
    reply: Reply, code: int | None, enhanced: str | None
) -> tuple[int, str | None]:
    if code is None:
        code = reply.code
    elif type(code) is not int or not 200 <= code <= 599:
        raise ValueError(f"{code!r} is no reply code")
    if enhanced == "":
        return code, _default_enhanced(reply, code)
    if enhanced is not None:
        if not isinstance(enhanced, str) or not is_enhanced(enhanced):
            raise ValueError(f"{enhanced!r} is no enhanced status code")
    return code, enhanced


def _default_enhanced(reply: Reply, code: int) -> str | None:
    for variant in reply.variants:
        if variant.code == code:
            return variant.enhanced
    # Postfix itself sets the class to the first digit of a code that the administrator chose.
    enhanced = reply.enhanced
    return enhanced and f"{code // 100}{enhanced[1:]}"


def _text(reply: Reply, form: str) -> str:
    if form == "standard":
        return reply.text
    for each in reply.forms:
        if each.form == form:
            return each.text
    raise ValueError(f"{reply.value} has no form {form!r}")


def _checked(name: str, value: str) -> str:
    if not isinstance(value, str):
        raise ValueError(f"{name} must be a string")
    if "\r" in value or "\n" in value or "\0" in value:
        raise ValueError(f"{name} must not hold CR, LF or NUL")
    kind = TYPES[name]
    if fits(kind, value):
        return value
    wanted = "word, without a space" if kind == "word" else "host name or an address"
    raise ValueError(f"{name} must be a {wanted}")
