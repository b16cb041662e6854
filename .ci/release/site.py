"""The site as a folder to publish anywhere: python -m release.site [FOLDER].

The generator makes the pages. This adds what they share: the style sheet, the scripts, which hold
the TypeScript package's read and the search, and the licences of what others wrote.
"""

import argparse
import gzip
import shutil
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from release.project import output, run
from tests.toolchain import ROOT, node

MODULES = ROOT / "tests/node/node_modules"
SCRIPTS = ("app", "reader", "search")
OTHERS = {"Pico CSS": "@picocss/pico/LICENSE.md", "MiniSearch": "minisearch/LICENSE.txt"}


def make(folder: Path, catalog: Path = ROOT / "catalog.json") -> None:
    """Make the folder, which then has nothing else in it."""
    with TemporaryDirectory() as made:
        told = ("--target", "site", "--target", "typescript", "--catalog", catalog, "--out", made)
        output(sys.executable, "-m", "codegen", "build", *told)
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(Path(made, "site"), folder, ignore=shutil.ignore_patterns("src"))
        _bundle(Path(made, "site/src"), Path(made, "typescript/src"), folder)
    shutil.copy(MODULES / "@picocss/pico/css/pico.classless.min.css", folder / "pico.css")
    shutil.copy(ROOT / "generated/catalog.schema.json", folder)
    licences = [f"{name}\n\n{(MODULES / path).read_text()}" for name, path in OTHERS.items()]
    (folder / "licences.txt").write_text("\n".join(licences))


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
