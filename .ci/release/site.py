"""The site as a folder to publish anywhere: python -m release.site [FOLDER].

The generator makes the pages. This adds what they share: the style sheet, the scripts, which hold
the TypeScript package's read and the search, and the licences of what others wrote.
"""

import argparse
import gzip
import json
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

from codegen.catalog import Catalog
from codegen.load import load
from codegen.places import Places
from codegen.publish import publish
from codegen.render import SAID, render
from release.project import run
from tests.live.record import UNHEARD, recorded
from tests.toolchain import ROOT, node

MODULES = ROOT / "tests/node/node_modules"
SCRIPTS = ("app", "reader", "search")
OTHERS = {"Pico CSS": "@picocss/pico/LICENSE.md", "MiniSearch": "minisearch/LICENSE.txt"}


def make(folder: Path, catalog: Path = ROOT / "catalog.json") -> None:
    """Make the folder, which then has nothing else in it."""
    of = load(catalog)
    more = {"heard": _heard(), "lines": _lines(of, catalog)}
    with TemporaryDirectory() as made:
        publish(Path(made), render(of, ROOT / "templates", ["site", "typescript"], more))
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(Path(made, "site"), folder, ignore=shutil.ignore_patterns("src"))
        _bundle(Path(made, "site/src"), Path(made, "typescript/src"), folder)
    shutil.copy(MODULES / "@picocss/pico/css/pico.classless.min.css", folder / "pico.css")
    shutil.copy(ROOT / "generated/catalog.schema.json", folder)
    licences = [f"{name}\n\n{(MODULES / path).read_text()}" for name, path in OTHERS.items()]
    (folder / "licences.txt").write_text("\n".join(licences))


def _heard() -> dict[str, str]:
    """What the record of the live run says of each reply and reason."""
    version, heard = recorded()
    unheard: dict[str, str] = json.loads(UNHEARD.read_text())
    found = {an_id: f"Not from a running Postfix. {why}" for an_id, why in unheard.items()}
    return found | dict.fromkeys(heard, f"From a running Postfix {version}.")


def _lines(of: Catalog, catalog: Path) -> dict[str, int]:
    """On which line of its file each reply and reason starts."""
    places = Places(catalog.read_text(encoding="utf-8"))
    found = {(section, an_id) for section in SAID for an_id in getattr(of, section)}
    return {
        an_id: places.line_and_column(places.of((section, an_id)))[0] for section, an_id in found
    }


def _bundle(source: Path, package: Path, folder: Path) -> None:
    """One script each, which needs no other: a page from disk may load no modules."""
    run(
        node("esbuild"),
        *(f"{source / name}.ts" for name in SCRIPTS),
        "--bundle",
        "--minify",
        "--format=iife",
        "--target=es2022",
        "--log-level=error",
        f"--alias:postfix-replies={package}",
        f"--outdir={folder}",
        env={"NODE_PATH": str(MODULES)},
    )


def packed(path: Path) -> int:
    """How large a file is once a server has compressed it."""
    return len(gzip.compress(path.read_bytes(), mtime=0))


def main() -> None:
    """Make the site and say how large its parts are."""
    parser = argparse.ArgumentParser(prog="python -m release.site")
    parser.add_argument("folder", nargs="?", type=Path, default=ROOT / "site")
    folder: Path = parser.parse_args().folder
    make(folder)
    pages = sorted(folder.rglob("*.html"))
    print(f"{folder}: {len(pages)} pages")
    for name in (
        "index.html",
        "pico.css",
        "style.css",
        "page.js",
        "app.js",
        "reader.js",
        "search.js",
    ):
        print(f"{name}: {packed(folder / name):,} bytes compressed")


if __name__ == "__main__":
    main()
