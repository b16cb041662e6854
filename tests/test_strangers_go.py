"""The Go package as strangers get it: tagged, through a module proxy, by the oldest and newest Go.

The proxy is a folder. Go itself fills it from a tag of a repository in a subfolder, as the public
one does. `python -m tests.test_strangers_go` shows each command and what it printed; with pkgsite
behind it, also what the documentation site says of the module, which takes a minute or two.
"""

import os
import re
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import DEVNULL, Popen

import pytest

from tests.test_readme import SHOPS, blocks, printed, steps
from tests.toolchain import ROOT, go
from tests.tools import GENERATED, catalog_of, ours, passes, run, tool, untested

OLDEST = "1.21.0"
PROJECT = catalog_of().project
HOME = PROJECT.repository.removeprefix("https://")
FOLDER = PROJECT.go.removeprefix(f"{HOME}/")
VERSION = f"v{catalog_of().version}"
NO_SETTINGS = {"GIT_CONFIG_GLOBAL": os.devnull}
PKGSITE = "golang.org/x/pkgsite/cmd/pkgsite@v0.6.0"
LIBRARY = "github.com/somebody/mailer"
MAILER = f"""// Package mailer is somebody's, and uses the package.
package mailer

import postfixreplies "{PROJECT.go}"

// Reply says which reply an error carries.
func Reply(err error) (postfixreplies.Reply, bool) {{
	reading, _ := postfixreplies.ReadError(err)
	return reading.Reply()
}}
"""
APPLICATION = f"""package main

import (
	"errors"
	"fmt"

	"{LIBRARY}"
)

func main() {{
	fmt.Println(mailer.Reply(errors.New("454 4.7.1 <a@b.c>: Relay access denied")))
}}
"""


def shown(command: str, cwd: Path, env: dict[str, str]) -> str:
    """Run a command that must succeed, and show it and what it printed."""
    print(f"{cwd.name}$ {command}")
    said = passes("sh", "-ec", command, cwd=cwd, env=env)
    print(said, end="")
    return said


class Proxy:
    """A module proxy that is a folder, and a stranger's machine that asks no other."""

    def __init__(self, work: Path, command: Path) -> None:
        self.work = work
        self.filled = self._environment("proxy", command) | {"GOPROXY": "direct"}
        served = (work / "proxy/cache/download").as_uri()
        self.asked = self._environment("stranger", command) | {"GOPROXY": served}

    def _environment(self, modules: str, command: Path) -> dict[str, str]:
        return {
            "PATH": f"{command.parent}{os.pathsep}{os.environ['PATH']}",
            "GOFLAGS": "-modcacherw -trimpath",
            "GOMODCACHE": str(self.work / modules),
            "GOSUMDB": "off",
            "GOTOOLCHAIN": "local",
            "GOWORK": "off",
        }

    def publish(self, home: str, checkout: Path, tag: str, module: str) -> None:
        """Take in what a tag of a repository says a module is."""
        commit = "git -c user.name=x -c user.email=x commit -qm x"
        shown(f"git init -q && git add -A && {commit} && git tag {tag}", checkout, NO_SETTINGS)
        moved = {  # the repository's address is not asked, this one is
            "GIT_CONFIG_COUNT": "1",
            "GIT_CONFIG_KEY_0": f"url.{checkout.as_uri()}.insteadOf",
            "GIT_CONFIG_VALUE_0": f"https://{home}",
        }
        shown(f"go mod download {module}@{tag.rpartition('/')[2]}", self.work, self.filled | moved)


def published(work: Path, command: Path) -> Proxy:
    """A proxy that has the package, of a clean checkout."""
    checkout = work / "checkout"
    for name, content in ours(GENERATED).items():
        path = checkout / "generated" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    proxy = Proxy(work, command)
    proxy.publish(HOME, checkout, f"{FOLDER}/{VERSION}", PROJECT.go)
    return proxy


def newest() -> Path:
    """The Go of .venv, which the lock file keeps new."""
    return tool(go)


def oldest() -> Path:
    """The oldest Go that the package says it needs, which a newer one downloads."""
    asked = {"GOTOOLCHAIN": f"go{OLDEST}", "GOFLAGS": ""}
    done = run([newest(), "env", "GOROOT"], env=asked)
    if done.returncode:
        untested(f"Go {OLDEST} cannot be downloaded: {done.stderr}")
    return Path(done.stdout.strip(), "bin/go")


def new(work: Path, name: str, **sources: str) -> Path:
    """An empty folder with a file or two."""
    folder = work / name
    folder.mkdir()
    for stem, source in sources.items():
        (folder / f"{stem}.go").write_text(source)
    return folder


def stranger(proxy: Proxy) -> None:
    """What the README of the package shows, in an empty folder."""
    (program,) = blocks(SHOPS["go"], "go")
    (get,) = [step for step in steps(SHOPS["go"], "go") if step.startswith("go get ")]
    folder = new(proxy.work, "project", main=program)
    shown("go version && go mod init example.com/project", folder, proxy.asked)
    shown(get, folder, proxy.asked)
    assert shown("go run .", folder, proxy.asked) == printed(program, "fmt.Println(")
    assert shown(f"go test {PROJECT.go}", folder, proxy.asked).startswith("ok ")
    told = f"go list -m -f '{{{{.Version}}}} {{{{.Dir}}}}' {PROJECT.go}"
    version, where = shown(told, folder, proxy.asked).split()
    assert version == VERSION
    assert Path(where, "LICENSE").read_bytes() == (ROOT / "LICENSE").read_bytes()


def library(proxy: Proxy) -> None:
    """Somebody publishes a library that uses the package, and somebody else uses that."""
    folder = new(proxy.work, "library", mailer=MAILER)
    shown(f"go mod init {LIBRARY} && go get {PROJECT.go}", folder, proxy.asked)
    proxy.publish(LIBRARY, folder, "v1.0.0", LIBRARY)
    folder = new(proxy.work, "application", main=APPLICATION)
    shown(f"go mod init example.com/application && go get {LIBRARY}", folder, proxy.asked)
    assert shown("go run .", folder, proxy.asked) == "relay_access_denied true\n"


@pytest.mark.parametrize("version", ["oldest", "newest"])
def test_go_get_works_as_the_readme_says(version: str, tmp_path: Path) -> None:
    stranger(published(tmp_path, oldest() if version == "oldest" else newest()))


def test_a_library_can_use_the_package(tmp_path: Path) -> None:
    library(published(tmp_path, newest()))


def test_the_oldest_go_is_the_one_that_the_module_names() -> None:
    (line,) = re.findall(r"^go (.*)$", (GENERATED / "go/go.mod").read_text(), re.MULTILINE)
    assert f"{line}.0" == OLDEST
    assert f"Go {line} or later" in SHOPS["go"].read_text()


@contextmanager
def site(proxy: Proxy) -> Iterator[str]:
    """The page that the documentation site makes of the module."""
    folder = proxy.work / "proxy" / f"{PROJECT.go}@{VERSION}"
    binaries = {"GOBIN": str(proxy.work), "GOFLAGS": "", "GOTOOLCHAIN": "auto"}
    shown(f"go install {PKGSITE}", proxy.work, {"PATH": proxy.asked["PATH"]} | binaries)
    address = "127.0.0.1:8941"
    command = [str(proxy.work / "pkgsite"), "-http", address, str(folder)]
    with Popen(command, env=os.environ | proxy.asked, stdout=DEVNULL, stderr=DEVNULL) as server:
        try:
            yield page(f"http://{address}/{PROJECT.go}")
        finally:
            server.terminate()


def page(address: str) -> str:
    """What a server shows that may not be there yet."""
    for _ in range(60):
        try:
            with urllib.request.urlopen(address) as answer:
                text: str = answer.read().decode()
                return text
        except OSError:
            time.sleep(1)
    raise TimeoutError(address)


def documented(proxy: Proxy) -> None:
    """The site shows the licence, the documentation and each example."""
    with site(proxy) as said:
        licence = re.findall(r'aria-describedby="license-description">(.*?)<', said)
        examples = re.findall(r'id="example-([\w.-]*)"', said)
    print("licence:", *licence, "\nexamples:", *examples)
    wanted = (GENERATED / "go/example_test.go").read_text().count("\nfunc Example")
    assert (licence, len(examples)) == (["MIT"], wanted)
    assert "RelayAccessDenied: The server does not relay" in said


def main() -> None:
    """Do all of it, and show it."""
    for command in (oldest(), newest()):
        with tempfile.TemporaryDirectory() as work:
            proxy = published(Path(work), command)
            stranger(proxy)
            if command == newest():
                library(proxy)
                if "pkgsite" in sys.argv:
                    documented(proxy)


if __name__ == "__main__":
    main()
