"""Times whole builds."""

import json
import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from codegen.catalog import order
from tests.toolchain import ROOT

TURNS = 11
ENVIRONMENT = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
BIN = Path(sys.executable).parent
FOUR = [part for name in ("python", "typescript", "go", "markdown") for part in ("--target", name)]
GROWTH = (400, 4_000, 40_000, 150_000)


def wall(command: list[object], cwd: Path) -> float:
    """Seconds that a whole process takes."""
    start = time.perf_counter()
    subprocess.run(
        [str(part) for part in command], cwd=cwd, env=ENVIRONMENT, check=True, capture_output=True
    )
    return time.perf_counter() - start


def in_turn(runs: dict[str, Callable[[], float]], turns: int = TURNS) -> dict[str, float]:
    """The median of each run, all of them taking turns after a warm-up."""
    times: dict[str, list[float]] = {name: [] for name in runs}
    for turn in range(turns + 1):
        for name, run in runs.items():
            seconds = run()
            if turn:
                times[name].append(seconds)
    return {name: statistics.median(each) for name, each in times.items()}


def synthetic(count: int) -> str:
    """A catalog of `count` replies, with the real texts and prose of one short sentence a field."""
    catalog = json.loads((ROOT / "catalog.json").read_text())
    sentence = "It says what it says."
    replies = []
    # A text that is one placeholder alone would be another one with a number behind it.
    models = [each for each in catalog["replies"] if " " in each["text"]]
    for at in range(count):
        real = models[at % len(models)]
        number = at // len(models)
        variant = real["variants"][0] | {"when": sentence}
        prose = dict.fromkeys(PROSE, sentence) | {"summary": f"It is number {at}."}
        short = {"variants": [variant], "settings": real["settings"], "examples": []}
        short |= {"sources": real["sources"][:1], "retry": "by_code"}
        short |= {"id": f"{real['id']}_n{number}x", "text": f"{real['text']} {number}"}
        replies.append({key: real[key] for key in KEYS} | prose | short)
    replies.sort(key=place)
    catalog["replies"] = replies
    used = "".join(reply["text"] for reply in replies)
    catalog["placeholders"] = {
        name: each for name, each in catalog["placeholders"].items() if f"{{{name}}}" in used
    }
    named = json.dumps([[each["category"], each["settings"]] for each in replies])
    for section in ("categories", "settings"):
        known = catalog[section].items()
        catalog[section] = {name: each for name, each in known if f'"{name}"' in named}
    return json.dumps(catalog, indent=2)


PROSE = ("cause", "sender_action", "client_action", "operator_action")
KEYS = ("category", "must_act", "retry", "closes", "daemons", "stages", "since")


def place(reply: dict[str, object]) -> tuple[int, list[int], str]:
    """The canonical order of the catalog."""
    variant = reply["variants"][0]  # type: ignore[index]
    return variant["code"], order(variant["enhanced"]), str(reply["id"])


def build(work: Path) -> None:
    """A whole build of the real catalog, against its floor and a peer."""
    ids = [reply["id"] for reply in json.loads((ROOT / "catalog.json").read_text())["replies"]]
    (work / "ids.json").write_text(json.dumps({"title": "Reply", "type": "string", "enum": ids}))
    peer = [
        BIN / "datamodel-codegen", "--input", "ids.json", "--input-file-type", "jsonschema",
        "--output", "ids.py", "--formatters", "builtin",
    ]  # fmt: skip

    def ours() -> float:
        shutil.rmtree(work / "generated", ignore_errors=True)
        return wall([BIN / "codegen", "build"], work)

    times = in_turn(
        {
            "codegen build": ours,
            "floor": lambda: wall([sys.executable, "-c", "import json, jinja2"], work),
            "peer": lambda: wall(peer, work),
        }
    )
    mine = times["codegen build"]
    print(f"codegen build, {len(ids)} replies, cold process: {mine * 1e3:.0f} ms")
    print(f"  / python -c 'import json, jinja2'            {mine / times['floor']:.2f}  (aim 2)")
    print(f"  / datamodel-codegen, an enum of the ids      {mine / times['peer']:.2f}  (aim 0.35)")


def growth(work: Path) -> None:
    """Whole builds of growing synthetic catalogs."""
    print("codegen build, synthetic replies, whole process (aim 40 us a reply, linear)")
    for count in GROWTH:
        (work / "catalog.json").write_text(synthetic(count))

        def run() -> float:
            shutil.rmtree(work / "out", ignore_errors=True)
            command = [BIN / "codegen", "build", "--catalog", "catalog.json", "--out", "out"]
            return wall([*command, *FOUR], work)

        seconds = in_turn({"": run}, 3 if count < 100_000 else 1)[""]
        size = sum(path.stat().st_size for path in (work / "out").rglob("*") if path.is_file())
        per = f"{seconds / count * 1e6:.0f} us and {size / count / 1024:.1f} KiB a reply"
        print(f"  {count:7,} replies: {seconds:6.2f} s, {per}")
