"""From a reply or reason and its parameters to its words, byte for byte."""

from __future__ import annotations

from postfix_replies import _DEFAULT
from postfix_replies._grammar import fits, is_enhanced
from postfix_replies._tables import TYPES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from postfix_replies import Reason, Reply


def format_line(
    reply: Reply,
    code: int | None,
    enhanced: str | None,
    form: str,
    params: Mapping[str, object],
) -> str:
    """The line. Raises ValueError, with what is wrong."""
    codes = _codes(reply, code, enhanced)
    return f"{codes} {format_words(reply, form, params)}"


def format_words(said: Reply | Reason, form: str, params: Mapping[str, object]) -> str:
    """The words of a reply or reason. Raises ValueError, with what is wrong."""
    pieces = _text(said, form).split("{")
    words = pieces[0]
    unknown = dict(params)
    for piece in pieces[1:]:
        name, _, literal = piece.partition("}")
        if name not in unknown:
            raise ValueError(f"{said.value} needs {name}")
        words += _checked(name, unknown.pop(name)) + literal
    if unknown:
        raise ValueError(f"{said.value} has no {sorted(unknown)[0]}")
    return words


def _codes(reply: Reply, code: int | None, enhanced: str | None) -> str:
    if code is None:
        code = reply.code
    if type(code) is not int or not 200 <= code <= 599:
        raise ValueError(f"{code!r} is not a reply code")
    if enhanced is _DEFAULT:
        enhanced = _default_enhanced(reply, code)
    if enhanced is None:
        return str(code)
    enhanced = _exactly("enhanced", enhanced)
    if not is_enhanced(enhanced):
        raise ValueError(f"{enhanced!r} is not an enhanced status code")
    return f"{code} {enhanced}"


def _default_enhanced(reply: Reply, code: int) -> str | None:
    for variant in reply.variants:
        if variant.code == code:
            return variant.enhanced
    # There is no class 3 (RFC 3463 section 2). Else Postfix itself sets the class to the first
    # digit of a code that the administrator chose.
    enhanced = reply.enhanced
    if enhanced is None or code // 100 == 3:
        return None
    return f"{code // 100}{enhanced[1:]}"


def _text(said: Reply | Reason, form: str) -> str:
    if form == "standard":
        return said.text
    for each in said.forms:
        if each.form == form:
            return each.text
    raise ValueError(f"{said.value} has no form {form!r}")


def _checked(name: str, value: object) -> str:
    said = _exactly(name, value)
    if "\r" in said or "\n" in said or "\0" in said:
        raise ValueError(f"{name} must not contain CR, LF or NUL")
    kind = TYPES[name]
    if fits(kind, said):
        return said
    wanted = "word, without a space" if kind == "word" else "host name or an address"
    raise ValueError(f"{name} must be a {wanted}")


def _exactly(name: str, value: Any) -> str:
    """A string without what a subclass makes of it, so that what is checked is what is written."""
    try:
        return str.__str__(value)
    except TypeError:
        raise ValueError(f"{name} must be a string") from None
