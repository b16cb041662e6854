"""Times identify in every language, against regular expressions and against its floor."""

import compileall
import json
import random
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from codegen import matching, text
from codegen.catalog import Catalog
from codegen.load import load
from tests.bench.building import BIN, ENVIRONMENT, in_turn, synthetic, wall
from tests.toolchain import GO_ENVIRONMENT, ROOT, go, node

PROGRAMS = Path(__file__).parent / "programs"
NAMES = ("anna", "ben.cole", "c+tag", "d_e", "friederike.von.hohenfels", "info", "no-reply")
DOMAINS = ("example.com", "mail.example.org", "a.b.c.example.net", "xn--bcher-kva.example")
OFTEN = ("relay_access_denied", "recipient_unknown_local", "message_queued", "client_blocked_using")


def pattern_of(template: str, types: Mapping[str, str]) -> str:
    """A text as the regular expression that people write for it."""
    holes = {"text": "(.*?)", "word": "([^ ]+)", "host": r"([-.:_\[\]0-9A-Za-z]+)"}
    body = "".join(
        holes[types[part]] if at % 2 else re.sub(r"([^\w ])", r"\\\1", part)
        for at, part in enumerate(text.split(template))
    )
    # Not all engines know these marks as escaped.
    for mark in "<>:;,=/\"'":
        body = body.replace(f"\\{mark}", mark)
    return r"([2-5]\d\d)[ -](?:([245]\.\d{1,3}\.\d{1,3}) )?" + body


def hits(catalog: Catalog, count: int) -> list[str]:
    """Lines as the catalog's replies are met: the frequent ones often, with varied values."""
    dice = random.Random(1)
    often = [reply for reply in catalog.replies if reply.id.startswith(OFTEN)]
    lines = []
    for _ in range(count):
        reply = dice.choice(often if dice.random() < 0.3 else catalog.replies)
        variant = dice.choice(reply.variants)
        address = f"{dice.choice(NAMES)}{dice.randrange(1000)}@{dice.choice(DOMAINS)}"
        values = {name: each.example for name, each in catalog.placeholders.items()}
        values |= {"recipient": address, "sender": address, "helo": dice.choice(DOMAINS)}
        values |= {"queue_id": f"4Zq{dice.randrange(10**9)}", "hostname": dice.choice(DOMAINS)}
        said = reply.text.format_map(values)
        codes = f"{variant.code} {variant.enhanced}" if variant.enhanced else f"{variant.code}"
        lines.append(f"{codes} {said}")
    return lines


def misses(catalog: Catalog, count: int) -> list[str]:
    """Lines of other servers, varied, and near misses."""
    dice = random.Random(2)
    known = matching.tables(catalog)
    foreign = (ROOT / "tests/other_servers.txt").read_text().splitlines()
    near = hits(catalog, count)
    lines: list[str] = []
    while len(lines) < count:
        line = dice.choice(foreign).replace("example", f"example{dice.randrange(10**4)}")
        if dice.random() < 0.25:
            line = f"{dice.choice(near)} ({dice.randrange(10**4)})"
        if matching.identify(known, line) is None:
            lines.append(line)
    return lines


def given(catalog: Catalog, count: int) -> dict[str, Any]:
    """What each language's program times."""
    types = catalog.types()
    wordings = [each for reply in catalog.replies for _, each in matching.wordings(reply)]
    wordings.sort(key=lambda each: -sum(map(len, text.split(each)[::2])))
    right, wrong = hits(catalog, count), misses(catalog, count // 2)
    mix = right[: count * 69 // 100] + wrong[: count * 31 // 100]
    random.Random(3).shuffle(mix)
    return {
        "patterns": list(dict.fromkeys(pattern_of(each, types) for each in wordings)),
        "texts": wordings,
        "sets": {"hits": right, "misses": wrong, "mix": mix},
        "against": ["hits", "misses", "mix"],
        "rounds": 7,
    }


def python(work: Path, generated: Path, what: dict[str, Any]) -> dict[str, Any]:
    """Nanoseconds a line of the Python package."""
    return timed([sys.executable, PROGRAMS / "python.py"], work, what, generated / "python")


def typescript(work: Path, generated: Path, what: dict[str, Any]) -> dict[str, Any]:
    """Nanoseconds a line of the TypeScript package, on node."""
    folder = work / f"ts-{generated.name}"
    package = folder / "node_modules/postfix-replies"
    if not folder.exists():
        shutil.copytree(generated / "typescript", package)
        # esbuild, since it takes a tenth of the time of tsc.
        sources = sorted(package.glob("src/*.ts"))
        command: list[Any] = [
            node("esbuild"),
            "--log-level=error",
            f"--outdir={package}/dist",
            *sources,
        ]
        subprocess.run(command, check=True)
        shutil.copy(PROGRAMS / "typescript.mjs", folder)
    return timed([node(), folder / "typescript.mjs"], work, what)


def golang(work: Path, generated: Path, what: dict[str, Any]) -> dict[str, Any]:
    """Nanoseconds a line of the Go package."""
    folder = work / f"go-{generated.name}"
    if not folder.exists():
        shutil.copytree(PROGRAMS / "go", folder)
        (folder / "go.mod").write_text(requiring("bench", generated / "go"))
        environment = ENVIRONMENT | GO_ENVIRONMENT
        subprocess.run([go(), "build", "-o", "bench", "."], cwd=folder, env=environment, check=True)
    return timed([folder / "bench"], work, what)


TIMED = {"Python": python, "TypeScript": typescript, "Go": golang}


def timed(command: list[Any], work: Path, what: dict[str, Any], *more: Path) -> dict[str, Any]:
    """Run a language's program on an input."""
    (work / "input.json").write_text(json.dumps(what))
    arguments = [str(part) for part in (*command, work / "input.json", *more)]
    done = subprocess.run(arguments, env=ENVIRONMENT, stdout=subprocess.PIPE, text=True, check=True)
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def identify(work: Path) -> None:
    """identify against a list of regular expressions and against its floor."""
    what = given(load(ROOT / "catalog.json"), 12_000)
    count = len(what["patterns"])
    print(f"identify against {count} regular expressions in order, and against its floors")
    for language, run in TIMED.items():
        answer = run(work, ROOT / "generated", what)
        for name in what["sets"]:
            ns = answer["ns"][name]
            print(
                f"  {language:10} {name:6} {ns['identify']:5.0f} ns, "
                f"{ns['regexes'] / ns['identify']:5.1f} times faster; "
                f"{ns['identify'] / ns['floor']:.2f} of a split and a look-up, "
                f"{ns['identify'] / ns['split']:.2f} of a split"
            )
        if "allocations" in answer:
            print(f"  {language:10} {answer['allocations']:.2f} allocations a line")


HOSTILE: dict[str, Callable[[int], str]] = {
    "value": lambda n: f"554 5.7.1 <{'a' * n}>: Relay access denied",
    "angles": lambda n: "554 5.7.1 <" + ">: " * (n // 3),
    "bait": lambda n: "554 5.7.1 <" + ">: Sender address rejected: Domain " * (n // 35),
    "words": lambda n: "501 5.5.4 Bad " + " attribute name:" * (n // 16),
    "opening": lambda n: "554 5.7.1 " + "<" * n,
}
LENGTHS = (1_000, 10_000, 100_000, 1_000_000, 10_000_000)
COUNTS = (150, 450, 1_500)


def size(work: Path) -> None:
    """identify as the line and the catalog grow."""
    sets = {f"{name} {n}": [make(n)] for name, make in HOSTILE.items() for n in LENGTHS}
    what = {"patterns": [], "texts": [], "sets": sets, "against": [], "rounds": 3}
    print(f"identify, milliseconds a line of {LENGTHS} characters (aim 10 at 1,000,000)")
    for language, run in TIMED.items():
        answer = run(work, ROOT / "generated", what)
        for name in HOSTILE:
            times = [answer["ns"][f"{name} {n}"]["identify"] / 1e6 for n in LENGTHS]
            print(f"  {language:10} {name:7}", *(f"{ms:9.3f}" for ms in times))
    print(f"identify, nanoseconds a hit with {COUNTS} replies (aim: at most 3 times)")
    times_of: dict[str, list[float]] = {language: [] for language in TIMED}
    for count in COUNTS:
        catalog, out = work / f"{count}.json", work / f"out{count}"
        catalog.write_text(synthetic(count))
        wall([BIN / "codegen", "build", "--catalog", catalog, "--out", out], work)
        sets = {"hits": hits(load(catalog), 12_000)}
        what = {"patterns": [], "texts": [], "sets": sets, "against": [], "rounds": 7}
        for language, run in TIMED.items():
            times_of[language].append(run(work, out, what)["ns"]["hits"]["identify"])
    for language, times in times_of.items():
        shown = ", ".join(f"{ns:.0f}" for ns in times)
        print(f"  {language:10} {shown}: {times[-1] / times[0]:.2f} times")


def imports(work: Path) -> None:
    """The cost of importing the Python package."""
    path = f"import sys; sys.path.insert(0, {str(ROOT / 'generated/python')!r}); "
    compileall.compile_dir(ROOT / "generated/python", quiet=1)
    programs = {"nothing": "pass", "http": "import http", "package": "import postfix_replies"}

    def program(code: str) -> Callable[[], float]:
        return lambda: wall([sys.executable, "-I", "-S", "-c", path + code], work)

    times = in_turn({name: program(code) for name, code in programs.items()}, 25)
    ratio = (times["package"] - times["nothing"]) / (times["http"] - times["nothing"])
    print(f"import postfix_replies / import http: {ratio:.2f}  (aim 1.5)")
