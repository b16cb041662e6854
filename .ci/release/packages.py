"""Everything that is published, made and checked: python -m release.packages [FOLDER].

Of one commit the bytes are always the same: all times are that of the commit, or what
SOURCE_DATE_EPOCH says.
"""

import argparse
import hashlib
import os
import re
import shutil
import sys
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory

from release import components
from release.project import Project, output, project, run
from tests.toolchain import NODE_TOOLS, ROOT, go, node

SUMS = "SHA256SUMS"
GENERATOR = "postfix-replies-codegen"
BIN = Path(sys.executable).parent
PYROMA = 9  # of 10


def main() -> None:
    """Make the packages in a folder, which then has nothing else in it."""
    parser = argparse.ArgumentParser(prog="python -m release.packages")
    parser.add_argument("folder", nargs="?", type=Path, default=ROOT / "dist")
    folder: Path = parser.parse_args().folder
    os.environ.setdefault("SOURCE_DATE_EPOCH", output("git", "log", "-1", "--format=%ct").strip())
    with TemporaryDirectory() as work:
        made = Path(work, "dist")
        make(Path(work), made)
        check(Path(work), made)
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(made, folder)
    print((folder / SUMS).read_text(), end="")


def make(work: Path, made: Path) -> None:
    """Make every package from a clean copy of the checkout."""
    tree = work / "tree"
    copy_checkout(tree)
    named = project()
    made.mkdir()
    for source in (tree, tree / "generated/python"):
        run(sys.executable, "-m", "build", "--no-isolation", "--outdir", made, source)
    _pack_npm(tree / "generated/typescript", made)
    _zip_go(tree / "generated/go", made / f"{named.python}-go-{named.version}.zip", named)
    components.write(GENERATOR, named.version, made / f"{GENERATOR}-{named.version}.cdx.json")
    sums = (f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in _in(made))
    (made / SUMS).write_text("".join(sums))


def copy_checkout(to: Path) -> None:
    """Copy what git tracks or would track, as it is now; nothing that a build left behind."""
    listed = output("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    for name in listed.split("\0"):
        if name and (ROOT / name).exists():
            (to / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, to / name, follow_symlinks=False)


def _in(made: Path) -> list[Path]:
    return sorted(path for path in made.iterdir() if path.name != SUMS)


def _pack_npm(source: Path, made: Path) -> None:
    """Compile with the TypeScript that tests/node has locked, and pack."""
    run(node("tsc"), "--project", source)
    for path in source.rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)  # npm packs what the umask made of them
    pack = ("pack", "--silent", "--ignore-scripts", "--pack-destination", made)
    run(node().parent / "npm", *pack, cwd=source)


def _zip_go(source: Path, to: Path, named: Project) -> None:
    """Write the zip file of a module, as a Go module proxy serves it."""
    with zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(path for path in source.rglob("*") if path.is_file()):
            name = f"{named.go}@{named.tag}/{path.relative_to(source).as_posix()}"
            archive.writestr(zipfile.ZipInfo(name), path.read_bytes(), zipfile.ZIP_DEFLATED)


def check(work: Path, made: Path) -> None:
    """Hold the packages against what their registries and users expect."""
    named = project()
    wheels, sdists = sorted(made.glob("*.whl")), sorted(made.glob("*.tar.gz"))
    (tarball,) = made.glob("*.tgz")
    run(BIN / "twine", "check", "--strict", *wheels, *sdists)
    run(BIN / "check-wheel-contents", "--config", ROOT / "pyproject.toml", *wheels)
    for sdist in sdists:
        run(BIN / "pyroma", "--min", PYROMA, sdist)
    run(NODE_TOOLS / "publint", "run", "--strict", tarball)
    run(NODE_TOOLS / "attw", "--profile", "esm-only", "--no-emoji", tarball)
    (archive,) = made.glob("*.zip")
    serve_go(archive, work / "goproxy", named)
    get_go(work / "goproxy", work, named)


def serve_go(archive: Path, proxy: Path, named: Project) -> None:
    """Lay out the module as a Go proxy does, for GOPROXY=file://."""
    folder = proxy / re.sub("[A-Z]", lambda letter: f"!{letter[0].lower()}", named.go) / "@v"
    folder.mkdir(parents=True)
    shutil.copy(archive, folder / f"{named.tag}.zip")
    with zipfile.ZipFile(archive) as opened:
        (folder / f"{named.tag}.mod").write_bytes(opened.read(f"{named.go}@{named.tag}/go.mod"))
    (folder / f"{named.tag}.info").write_text(f'{{"Version": "{named.tag}"}}')
    (folder / "list").write_text(f"{named.tag}\n")


def get_go(proxy: Path, work: Path, named: Project) -> None:
    """Download the module as `go get` does; Go itself checks the zip file."""
    environment = {
        "GOPROXY": proxy.as_uri(),
        "GONOSUMDB": "*",
        "GOFLAGS": "-modcacherw",
        "GOMODCACHE": str(work / "modules"),
        "GOTOOLCHAIN": "local",
    }
    run(go(), "mod", "download", f"{named.go}@{named.tag}", cwd=work, env=environment)


if __name__ == "__main__":
    main()
