"""Whatever a user or a file does, the command ends with a sentence and a status, never otherwise.

1 says out of date or nothing found, and nothing else: not a mistake, and not a bug of codegen.
"""

import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.tools import GENERATED, ROOT, codegen, passes, run

COMMAND = [sys.executable, "-m", "codegen"]
GOLDEN_CATALOG = (ROOT / "tests/golden/catalog.json").read_text()


SHELL = {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": ""}


def shell(command: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """Run a line of shell in which `codegen` is the command."""
    start = f'codegen() {{ {sys.executable} -m codegen "$@"; }}\n'
    return run(["bash", "-c", start + command], cwd=cwd, env=SHELL)


def more(catalog: str) -> str:
    """The golden catalog with one more member."""
    return f"{GOLDEN_CATALOG.rstrip().removesuffix('}')},{catalog}}}"


@pytest.mark.parametrize(
    "catalog",
    [
        pytest.param(re.sub(r'"variants": \[[^]]*\]', '"variants": []', GOLDEN_CATALOG), id="all"),
        pytest.param(
            re.sub(r'"variants": \[[^]]*\]', '"variants": []', GOLDEN_CATALOG, count=1), id="one"
        ),
        '{"placeholders": {"a": {"type": []}}}',
        '{"placeholders": {"a": {"type": {}}}}',
        '{"replies": [{"a": 1, "a": 2}], "replies": 3}',
        '{"replies": [{"a": 1, "a": 2}], "replies": []}',
        '{"reply_codes": [{"a": 1, "a": 2}], "reply_codes": {}}',
        pytest.param(more('"replies": []'), id="replies twice"),
        pytest.param(more('"replies": {}'), id="replies twice, no list"),
    ],
)
def test_a_wrong_catalog_ends_in_findings(catalog: str, tmp_path: Path) -> None:
    (tmp_path / "catalog.json").write_text(catalog)
    done = codegen("validate", "--catalog", "catalog.json", cwd=tmp_path)
    assert done.returncode == 3, done.stderr
    for line in done.stdout.splitlines():
        assert re.match(r"catalog\.json:\d+:\d+: ", line)
    assert re.fullmatch(r"Fix \d+ problems? in catalog\.json\.\n", done.stderr)


def test_validate_writes_nothing_and_does_not_speak_of_it() -> None:
    wrong = ROOT / "tests/bad/cases.txt"
    assert "written" not in codegen("validate", "--catalog", wrong).stderr
    assert "written" not in codegen("list", "--catalog", wrong).stderr
    assert codegen("build", "--catalog", wrong).stderr.endswith(". Nothing was written.\n")


@pytest.mark.parametrize(
    ("command", "status"),
    [
        ("codegen list >&-", 0),
        ("codegen list <&-", 0),
        ("codegen list 2>&-", 0),
        ("codegen list >&- 2>&- <&-", 0),
        ("codegen explain - <&-", 1),
        ("codegen explain '221 2.0.0 Bye' >&-", 0),
        ("codegen validate --catalog tests/bad/cases.txt >&- 2>&-", 3),
        ("codegen biuld 2>&-", 2),
        ("codegen list >/dev/full", 4),
        ("codegen explain '221 2.0.0 Bye' >/dev/full", 4),
        ("codegen list 2>/dev/full", 4),
        ("codegen biuld 2>/dev/full", 4),
        ("codegen list >/dev/full 2>/dev/full", 4),
        ("ulimit -v 150000; codegen validate --catalog /dev/zero", 4),
        ("codegen list | true; exit ${PIPESTATUS[0]}", 128 + signal.SIGPIPE),
    ],
)
def test_streams_that_are_closed_or_full_or_endless(command: str, status: int) -> None:
    done = shell(command)
    assert "Traceback" not in done.stderr, done.stderr
    assert "Exception" not in done.stderr, done.stderr
    assert done.returncode == status, done.stderr
    assert done.stderr.count("\n") <= 5


def test_a_full_disk_is_told() -> None:
    full = shell("codegen list >/dev/full").stderr
    assert full.endswith("codegen: standard output: No space left on device\n")


def test_a_file_without_end_is_told() -> None:
    endless = shell("ulimit -v 150000; codegen validate --catalog /dev/zero").stderr
    assert endless == "codegen: cannot read /dev/zero: it does not fit into memory\n"


@pytest.mark.parametrize(
    ("template", "said"),
    [
        (b"x\n{{ 1/0 }}\n", "2: ZeroDivisionError: division by zero"),
        (b"x\n{{ missing }}\n", "2: UndefinedError: 'missing' is undefined"),
        (b"x\n{{ 1 | missing }}\n", "2: No filter named 'missing'."),
        (b"x\n{% if %}\n", "2: Expected an expression, got 'end of statement block'"),
        (b"x\n\n\xff\n", "3: not UTF-8"),
        (b"x\n{% include 'missing' %}\n", "2: TemplateNotFound: 'missing'"),
        (b"{% macro m() %}\n{{ m() }}\n{% endmacro %}\n{{ m() }}\n", "2: RecursionError: "),
        (b"x\n" + b"{{ " + b"(" * 5000 + b" }}", "1: RecursionError: "),
        (b'{{ "\\ud800" }}\n', "1: UnicodeEncodeError: "),
        (b"x\n{{ 1 + 'a' }}\n", "2: TypeError: "),
        (b"x\n{{ 'a'.b.c }}\n", "2: UndefinedError: "),
        (b"x\n{{ [].pop() }}\n", "2: IndexError: "),
        (b"x\n{{ range(1).start.__class__('a') }}\n", "2: ValueError: "),
    ],
)
def test_a_template_that_fails_is_named_with_its_line(
    template: bytes, said: str, tmp_path: Path
) -> None:
    (tmp_path / "templates/markdown").mkdir(parents=True)
    (tmp_path / "templates/markdown/broken.md.jinja").write_bytes(template)
    done = codegen("build", "--templates", "templates", cwd=tmp_path)
    assert done.returncode == 4, done.stderr
    assert done.stderr.startswith(f"codegen: templates/markdown/broken.md.jinja:{said}")
    assert done.stderr.count("\n") == 1
    assert not (tmp_path / "generated").exists()


@pytest.mark.parametrize("folder", ["", "go", "go/__pycache__", "go/empty"])
def test_templates_that_lack_everything_remove_nothing(folder: str, tmp_path: Path) -> None:
    assert codegen("build", "--target", "go", cwd=tmp_path).returncode == 0
    made = sorted((tmp_path / "generated").rglob("*"))
    (tmp_path / "mine" / folder).mkdir(parents=True)
    done = codegen("build", "--templates", "mine", cwd=tmp_path)
    assert done.returncode == 4
    assert done.stderr.startswith("codegen: mine")
    assert done.stderr.count("\n") == 1
    assert sorted((tmp_path / "generated").rglob("*")) == made


def test_damaged_compiled_templates_are_done_without(tmp_path: Path) -> None:
    for name in ("codegen", "templates"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "catalog.json", tmp_path)
    environment = {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPATH": str(tmp_path)}
    build = (*COMMAND, "build")
    passes(*build, cwd=tmp_path, env=environment)
    compiled = list((tmp_path / "codegen/__pycache__").glob("*.jinja.pyc"))
    assert len(compiled) > 10
    for at, path in enumerate(compiled):
        path.write_bytes(path.read_bytes()[: at * 9])
    assert passes(*build, cwd=tmp_path, env=environment) == ""


def test_check_shows_a_file_that_is_not_text(tmp_path: Path) -> None:
    (tmp_path / "mine/markdown").mkdir(parents=True)
    (tmp_path / "mine/markdown/logo.png").write_bytes(b"\x89PNG\xff")
    done = codegen("build", "--check", "--templates", "mine", cwd=tmp_path)
    assert done.returncode == 1, done.stderr
    assert "\n+\\x89PNG\\xff\n" in done.stdout


@pytest.mark.parametrize("command", ["build", "list"])
def test_ctrl_c_at_any_moment_ends_it_without_a_word(command: str, tmp_path: Path) -> None:
    moments = random.Random(130)
    ends = []
    for _ in range(20):
        process = subprocess.Popen(
            [*COMMAND, command],
            cwd=tmp_path,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
        )
        time.sleep(moments.uniform(0, 0.3))
        process.send_signal(signal.SIGINT)
        _, said = process.communicate()
        if "Traceback" in said:  # Python itself was still starting: no line of ours, or of others
            assert str(ROOT / "codegen") not in said, said
            assert "jinja2" not in said, said
            assert "typer" not in said, said
        else:
            # A shell says 130 of a process that this signal ended.
            assert process.returncode in (-signal.SIGINT, 130, 0), said
            ends.append(process.returncode)
    assert any(ends), "no signal came in time"


def test_ctrl_c_does_not_end_what_a_script_put_aside() -> None:
    assert (
        shell("trap '' INT; codegen list >/dev/null & sleep 0.1; kill -INT $!; wait $!").returncode
        == 0
    )


def test_a_bug_of_codegen_has_a_status_of_its_own() -> None:
    program = "from codegen import __main__, load; load.load = None; __main__.main()"
    done = run([sys.executable, "-c", program, "list"])
    assert done.returncode == 70
    assert "TypeError" in done.stderr
    assert done.stderr.endswith("codegen: this is a bug in codegen; please report it\n")


HOSTILE = "550 5.1.1 <\x1b]0;x\x07\x7f\u202e\x9b\r>: Recipient address rejected: \t\x1b[2J"
UNSEEN = re.compile(r"[^\n\t -~\u00a1-\u00ac\u00ae-\u02ff]")


@pytest.mark.parametrize("line", [HOSTILE, f"nonsense {HOSTILE}", "550 5.1.1 nonsense \x1b[2J"])
def test_explain_shows_escapes_and_does_not_send_them(line: str) -> None:
    done = codegen("explain", line)
    assert "\\x1b" in done.stdout
    assert not UNSEEN.search(done.stdout), ascii(done.stdout)


def test_the_python_package_shows_escapes_and_does_not_send_them() -> None:
    done = run([sys.executable, "-m", "postfix_replies", HOSTILE], cwd=GENERATED / "python")
    assert done.returncode == 0
    assert "\\x1b" in done.stdout
    assert not UNSEEN.search(done.stdout), ascii(done.stdout)


def test_findings_and_errors_show_escapes(tmp_path: Path) -> None:
    name = "\x1b[2J.json"
    (tmp_path / name).write_text('{"\x1b": 1, "\\u001b": "\\u001b"}'.replace("\x1b", "\\u001b"))
    for arguments in (["validate", "--catalog", name], ["list", "--catalog", f"no{name}"], [name]):
        done = codegen(*arguments, cwd=tmp_path)
        assert "\\x1b" in done.stdout + done.stderr
        assert not UNSEEN.search(done.stdout + done.stderr), ascii(done.stdout + done.stderr)


@pytest.mark.parametrize("version", ["x", "\x1b[2J", "9" * 5000, "3." + "9" * 5000])
def test_a_tree_without_a_version_is_refused(version: str, tmp_path: Path) -> None:
    header = tmp_path / "src/global/mail_version.h"
    header.parent.mkdir(parents=True)
    header.write_text(f'#define MAIL_VERSION_NUMBER "{version}"\n')
    done = codegen("verify-source", tmp_path)
    assert done.returncode == 4, done.stderr
    assert done.stderr.count("\n") == 1


ASCII = {"PYTHONIOENCODING": "ascii", "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
UMLAUT = "550 5.1.1 <\u00fc@\u4e2d>: Recipient address rejected: no"


def test_ascii_streams() -> None:
    done = codegen("explain", UMLAUT, env=ASCII)
    assert done.returncode == 0, done.stderr
    package = run(
        [sys.executable, "-m", "postfix_replies", UMLAUT], cwd=GENERATED / "python", env=ASCII
    )
    assert package.returncode == 0, package.stderr
    assert "\\xfc" in package.stdout or "\\udcc3" in package.stdout
