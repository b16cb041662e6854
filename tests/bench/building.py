"""Times whole builds."""

import json
import shutil
import sys
from pathlib import Path

from tests.bench.synthetic import synthetic
from tests.bench.timing import BIN, in_turn, wall
from tests.toolchain import ROOT

COUNTS = (4_000, 12_000, 40_000)


def build(work: Path) -> None:
    """A whole build of the real catalog, against its floor and a peer."""
    ids = list(json.loads((ROOT / "catalog.json").read_text(encoding="utf-8"))["replies"])
    (work / "ids.json").write_text(json.dumps({"title": "Reply", "type": "string", "enum": ids}))
    peer = [
        *(BIN / "datamodel-codegen", "--input", "ids.json", "--input-file-type", "jsonschema"),
        *("--output", "ids.py", "--no-formatters"),
    ]

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
    print(f"  / python -c 'import json, jinja2'            {mine / times['floor']:.2f}  (aim 2.4)")
    print(f"  / datamodel-codegen, an enum of the ids      {mine / times['peer']:.2f}  (aim 0.40)")


def growth(work: Path) -> None:
    """Whole builds of growing synthetic catalogs."""
    command = [BIN / "codegen", "build", "--catalog", "catalog.json", "--out", "out"]

    def run() -> float:
        shutil.rmtree(work / "out", ignore_errors=True)
        return wall(command, work)

    print("codegen build, synthetic replies, all outputs (aim: linear, 120 us a reply)")
    for count in COUNTS:
        (work / "catalog.json").write_text(synthetic(count))
        seconds = in_turn({"build": run}, 3)["build"]
        size = sum(path.stat().st_size for path in (work / "out").rglob("*") if path.is_file())
        per = f"{seconds / count * 1e6:.0f} us and {size / count / 1024:.1f} KiB a reply"
        print(f"  {count:7,} replies: {seconds:6.2f} s, {per}")
