"""The reference page as a folder to publish anywhere: python -m release.site [FOLDER]."""

import argparse
import shutil
from html import escape
from pathlib import Path

import cmarkgfm
from cmarkgfm.cmark import Options

from tests.toolchain import ROOT

PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>body {{ font: 1rem/1.5 sans-serif; margin: auto; max-width: 60rem; padding: 1rem }}
table {{ display: block; overflow-x: auto }} td, th {{ padding: 0 .5rem; text-align: left }}</style>
{body}
"""


def main() -> None:
    """Make the folder, which then has nothing else in it."""
    parser = argparse.ArgumentParser(prog="python -m release.site")
    parser.add_argument("folder", nargs="?", type=Path, default=ROOT / "site")
    folder: Path = parser.parse_args().folder
    text = (ROOT / "generated/markdown/replies.md").read_text(encoding="utf-8")
    title = text.partition("\n")[0].lstrip("# ")
    # Its anchors are HTML; the generator quotes everything else.
    body = cmarkgfm.github_flavored_markdown_to_html(text, Options.CMARK_OPT_UNSAFE)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    page = PAGE.format(title=escape(title), body=body)
    (folder / "index.html").write_text(page, encoding="utf-8")
    shutil.copy(ROOT / "generated/catalog.schema.json", folder)
    print(f"{folder}: {len(page):,} characters")


if __name__ == "__main__":
    main()
