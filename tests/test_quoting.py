"""What Markdown would read as a list, a link or a mark is there to be read as it is written."""

import random
import time

import pytest

from codegen.targets.markdown import Quoting, code, place
from tests.test_markdown import Rendered

SETTINGS = {"mynetworks", "a_b", "_", "tls_CAfile"}
prose = Quoting(SETTINGS)
SIGNS = [*"aB1 _*`~[]()<>!&|\\:;#-+=.,@/$%^{}\"'é€—漢", "  ", "~~", "**", "__", "``", "---", "\\|"]
WORDS = (
    "www. http:// ftp:// https://e.f mailto: xmpp: a@b.c a+@b.c a@-b.c .com x_y first_last.n@e.com "
    "&lt; &copy; &#32; ]( ![ <b> <!-- --> [^1] :smile: mynetworks $a_b $x javascript: {{ {% ${"
).split()
OPENINGS = ["1. ", "7) ", "- ", "+ ", "* ", "# ", "> ", "[ ] ", "    "]
TAGS = frozenset("p strong li ul code a".split())
PLACES = {place(name) for name in SETTINGS}


def hostile(chosen: random.Random) -> str:
    parts = chosen.choices([*SIGNS, *WORDS, *OPENINGS], k=chosen.randint(1, 8))
    return "".join(parts)


def page(text: str) -> str:
    said = prose(text)
    return f"{said}\n\n**Why.** {said}\n\n- {said}\n\n- [{code(text)}](x.md): {said}\n"


def reads_the_same(text: str) -> bool:
    shown = Rendered(page(text))
    return (
        shown.text.startswith(f"{text}\n")
        and f"\nWhy. {text}\n" in shown.text
        and shown.items[-1] == f"{text}: {text}"
        and set(shown.links) - PLACES == {"x.md"}
        and shown.tags <= TAGS
    )


def test_hostile_prose_reads_the_same() -> None:
    chosen = random.Random(5)
    for _ in range(3000):
        text = hostile(chosen)
        assert reads_the_same(text), text


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("See www.example.com now.", r"See www\.example.com now."),
        ("See http://example.com: it says so.", r"See http\://example.com: it says so."),
        ("Write to first_last.name@example.com.", "Write to `first_last.name@example.com`."),
        (
            "Raise a_b, the $a_b of mynetworks.",
            "Raise [`a_b`](settings.md#a_b), the [`$a_b`](settings.md#a_b) of "
            "[`mynetworks`](settings.md#mynetworks).",
        ),
        ("Not !tls_CAfile.", r"Not \![`tls_CAfile`](settings.md#tls_cafile)."),
        ("A snake_case name, _this_ is none.", r"A `snake_case` name, \_this\_ is none."),
        ("See /etc/sasl_passwd, {a_hole}.", "See /etc/sasl_passwd, {a_hole}."),
        ("1. Foo bar.", r"1\. Foo bar."),
        ("220 is a code: 5.7.1 is one too.", "220 is a code: 5.7.1 is one too."),
        ("It is (so) #1, a-b + c = d!", "It is (so) #1, a-b + c = d!"),
    ],
)
def test_prose_has_no_more_marks_than_it_needs(text: str, quoted: str) -> None:
    assert prose(text) == quoted


@pytest.mark.parametrize("unit", ["a.", "A_ a.", "@", "a@", ":", "a:", "_", "a_", "www.", "1", "$"])
def test_quoting_takes_time_linear_in_the_text(unit: str) -> None:
    """Half a megabyte in half a second; in quadratic time it would be an hour."""
    start = time.monotonic()
    prose(unit * 250_000)
    assert time.monotonic() - start < 20
