"""What codegen diff says of planted changes; `python -m tests.test_diff` writes it down.

Each major change has a witness in each language: it works with the old packages and fails with the
new ones. The witnesses of other changes work with both.
"""

import copy
import json
import os
import random
import re
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

import griffe
import pytest

from codegen import catalog, diff
from codegen.breaking import RULES, Bump, dotted, needed
from codegen.diff import compare
from codegen.load import parse
from codegen.render import clashes
from codegen.revisions import parsed
from tests import witnesses
from tests.test_layout import anything
from tests.toolchain import GO_ENVIRONMENT, apidiff, go
from tests.tools import ROOT, codegen, passes, tool
from tests.witnesses import Witness

DIFF = ROOT / "tests/diff"
BASE = json.loads((DIFF / "catalog.json").read_text())
HEADING, *CASES = (DIFF / "cases.txt").read_text().split("\n== ")
EDIT = re.compile(r"(old )?(\S+?)(?:: (.+)|:| > (\S+)| = (\S+))")
# Their old packages are made by templates that are no longer there.
UNWITNESSED = {"fact-removed"}


def title(case: str) -> str:
    return case.split("\n", 1)[0]


def lines(case: str, prefix: str) -> list[str]:
    return [line.removeprefix(prefix) for line in case.splitlines()[1:] if line.startswith(prefix)]


def edits(case: str) -> list[str]:
    others = ("! ", *(f"{language}: " for language in witnesses.LANGUAGES))
    return [line for line in case.splitlines()[1:] if line and not line.startswith(others)]


def planted(case: str) -> tuple[str, str]:
    """The old and the new catalog of a case."""
    old, new = copy.deepcopy(BASE), copy.deepcopy(BASE)
    for line in edits(case):
        found = EDIT.fullmatch(line)
        assert found, line
        edited, path, *how = found.groups()
        for parts in spread(old, path.split("/")):
            change(old if edited else new, parts, *how)
    return tuple(json.dumps(each, indent=1) + "\n" for each in (old, new))  # type: ignore[return-value]


def spread(catalog: Any, parts: list[str]) -> Iterator[list[str]]:
    """A path for each member that * stands for."""
    section = catalog.get(parts[0], {})
    yield from ([parts[0], key, *parts[2:]] for key in section) if "*" in parts else [parts]


def change(catalog: Any, parts: list[str], value: str, name: str, other: str) -> None:
    *way, last = parts
    within = at(catalog, way)
    key: Any = int(last) if isinstance(within, list) else last
    if name:
        renamed = {name if one == last else one: member for one, member in within.items()}
        within.clear()
        within.update(renamed)
    elif value or other:
        made = json.loads(value) if value else copy.deepcopy(at(catalog, other.split("/")))
        if isinstance(within, list) and key >= len(within):
            within.append(made)
        else:
            within[key] = made
    else:
        del within[key]


def at(catalog: Any, parts: list[str]) -> Any:
    for part in parts:
        catalog = catalog[int(part) if isinstance(catalog, list) else part]
    return catalog


def said(case: str) -> list[str]:
    """All that the command says of a case."""
    old, new = planted(case)
    parse(new.encode(), "new.json", clashes)
    report = compare(parsed(old.encode(), "old.json"), parsed(new.encode(), "new.json"))
    return [*map(str, report.changes), report.conclusion]


@pytest.mark.parametrize("case", CASES, ids=title)
def test_a_planted_change_is_seen(case: str) -> None:
    assert said(case) == lines(case, "! ")
    wanted = title(case).split(" ")[0]
    assert wanted == "nothing" or any(f"[{wanted}]" in line for line in lines(case, "! "))


def rules(case: str) -> set[str]:
    return set(re.findall(r"\[([a-z-]+)\]$", "\n".join(lines(case, "! ")), re.MULTILINE))


def is_major(case: str) -> bool:
    return ": major: " in "".join(lines(case, "! "))


def test_there_are_many_and_every_rule_has_one() -> None:
    assert len(CASES) >= 40
    assert set().union(*map(rules, CASES)) == RULES.keys()
    assert {title(case).split(" ")[0] for case in CASES} - {"nothing"} == RULES.keys()


def test_every_major_change_has_a_witness_in_every_language() -> None:
    for case in CASES:
        if is_major(case) and not rules(case) <= UNWITNESSED:
            for language in witnesses.LANGUAGES:
                assert len(lines(case, f"{language}: ")) == 1, f"{title(case)}: {language}"


# By their numbers. Packages of an older shape cannot be made.
BUILT = {number: case for number, case in enumerate(CASES) if "\nold " not in case}


def touched(case: str) -> set[str]:
    """What a case changes: a member of a section, or all of a list and of what it names."""
    paths = [line.split(":")[0].split(" ")[0].split("/") for line in edits(case)]
    lists = {"fields", *(section for section, has in BASE.items() if isinstance(has, list))}
    return {"/".join(path[:2]) if path[0] not in lists else "lists" for path in paths}


def used(case: str) -> set[str]:
    """What a witness names, and what is copied."""
    words = set(re.findall(r"\w+", " ".join(lines(case, "python: ")).lower()))
    named = {
        f"{section}/{key}"
        for section, members in BASE.items()
        if isinstance(members, dict)
        for key in words & members.keys()
    }
    return named | {line.split(" = ")[1] for line in edits(case) if " = " in line}


def grouped() -> list[list[int]]:
    """Cases that leave each other alone, so that one package is made of several changes."""
    groups: list[list[int]] = []
    for number, case in sorted(BUILT.items(), key=lambda item: not lines(item[1], "python: ")):
        for group in groups:
            others = [BUILT[other] for other in group]
            if all(
                not touched(case) & (touched(other) | used(other))
                and not touched(other) & used(case)
                for other in others
            ):
                group.append(number)
                break
        else:
            groups.append([number])
    return groups


GROUPS = grouped()


def together(group: list[int]) -> str:
    """The new catalog of several cases."""
    return planted("\n".join(["", *(line for number in group for line in edits(CASES[number]))]))[1]


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The packages of the base, and of each group of changes."""
    work = tmp_path_factory.mktemp("witnesses")
    witnesses.build(json.dumps(BASE), work / "old", *witnesses.LANGUAGES)
    for at, group in enumerate(GROUPS):
        witnesses.build(together(group), work / f"new{at}", *witnesses.LANGUAGES)
    return work


@pytest.mark.parametrize("language", witnesses.LANGUAGES)
def test_witnesses_work_with_the_old_packages_and_major_ones_fail_with_the_new(
    language: str, packages: Path
) -> None:
    wanted: dict[Witness, bool] = {}
    for at, group in enumerate(GROUPS):
        for number in group:
            for expression in lines(CASES[number], f"{language}: "):
                works = not is_major(CASES[number])
                wanted[Witness(f"old_{number}", "old", expression)] = True
                wanted[Witness(f"new_{number}", f"new{at}", expression)] = works
    found = witnesses.hold(language, list(wanted), packages)
    wrong = [witness for witness, holds in wanted.items() if found[witness.name] is not holds]
    assert not wrong, [(title(CASES[int(one.name[4:])]), *one) for one in wrong]


def test_it_is_the_change_itself_that_a_witness_fails_with(tmp_path: Path) -> None:
    """It works with all other changes of its group."""
    asked = []
    for group in GROUPS:
        for number in group:
            others = [other for other in group if other != number]
            for expression in lines(CASES[number], "python: "):
                witnesses.build(together(others), tmp_path / f"but{number}", "python")
                asked.append(Witness(f"but_{number}", f"but{number}", expression))
    found = witnesses.hold("python", asked, tmp_path)
    assert all(found.values()), [title(CASES[int(name[4:])]) for name in found if not found[name]]


def is_of_names(case: str) -> bool:
    return any(
        rule.startswith(("id-", "old-name-", "member-", "code-name-")) for rule in rules(case)
    )


def squeezed(name: str) -> str:
    return name.replace("_", "").lower()


def unseen(group: list[int], names: list[str]) -> list[str]:
    """Of constants that another tool says are gone or changed, those that are in no change."""
    ours = [
        squeezed(word)
        for number in group
        for line in lines(CASES[number], "! ")
        if ": major: " in line or "[id-renamed]" in line
        for word in re.findall(r"\w+", line)
    ]
    return [name for name in names if not squeezed(name).endswith(tuple(ours))]


def griffed(folder: Path) -> Any:
    return griffe.load("postfix_replies", search_paths=[folder / "python"], allow_inspection=False)


def test_what_griffe_sees_is_seen(packages: Path) -> None:
    old, count = griffed(packages / "old"), 0
    for at, group in enumerate(GROUPS):
        new = griffed(packages / f"new{at}")
        pairs = [(old, new), *((old[name], new[name]) for name in ("_reasons", "_vocabularies"))]
        found = [each for pair in pairs for each in griffe.find_breaking_changes(*pair)]
        assert unseen(group, [each.obj.name for each in found]) == []
        count += len(found)
    assert count >= 8


def test_what_apidiff_sees_is_seen(packages: Path) -> None:
    count = 0
    witnesses.as_one_module(packages)
    path = f"{tool(go).parent}{os.pathsep}{os.environ['PATH']}"
    for at, group in enumerate(GROUPS):
        if not any(is_of_names(CASES[number]) for number in group):
            continue
        compared = ["-incompatible", "witness/old/go", f"witness/new{at}/go"]
        environment = GO_ENVIRONMENT | {"PATH": path}
        said = passes(tool(apidiff), *compared, cwd=packages, env=environment)
        found = re.findall(r"^- (\w+)", said, re.MULTILINE)
        assert len(found) == len(said.splitlines()), said
        assert unseen(group, found) == []
        count += len(found)
    assert count >= 12


NOUNS = {
    catalog.Catalog: diff.SECTIONS,
    catalog.Reply: diff.REPLY,
    catalog.Reason: diff.REASON,
    catalog.Variant: diff.VARIANT,
    catalog.Form: diff.FORM,
}
ELSEWHERE = {
    # Exempt, keys of their own, or compared with what stands around them.
    catalog.Catalog: {"schema", "version"},
    catalog.Reply: {"id", "text", "formerly"},
    catalog.Reason: {"id", "text", "formerly"},
    catalog.Variant: {"code", "enhanced"},
    catalog.Form: {"form", "text"},
    catalog.ReplyCode: {"code"},
    catalog.EnhancedCode: {"code"},
}


def test_every_key_of_a_catalog_is_compared() -> None:
    of_sections = {
        section.args[0]: section.args[1]
        for section in diff.SECTIONS.values()
        if isinstance(section, partial) and section.func is diff._named_nouns
    }
    for noun, keys in (NOUNS | of_sections).items():
        fields = set(noun.__struct_fields__)
        assert fields == keys.keys() | ELSEWHERE.get(noun, set()), noun


def leaves(value: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if not isinstance(value, (dict, list)):
        yield at
        return
    for key, part in value.items() if isinstance(value, dict) else enumerate(value):
        yield from leaves(part, (*at, key))


def test_whatever_differs_is_seen() -> None:
    """Any leaf of the catalog, but the version and the schema's place."""
    for *way, key in leaves(BASE):
        other = copy.deepcopy(BASE)
        within = at(other, way)
        made = {str: f"{within[key]} more", bool: within[key] is False, int: 999, type(None): "x"}
        within[key] = made[type(within[key])]
        if way or key not in ("version", "$schema"):
            assert any(diff._changes(BASE, other)), (way, key)


@pytest.mark.parametrize("seed", range(60))
def test_an_old_catalog_may_have_any_shape(seed: int) -> None:
    """Parts of it are anything; what can be compared is, and nothing fails."""
    dice = random.Random(seed)
    other = copy.deepcopy(BASE)
    for *way, key in dice.sample([way for way in leaves(BASE) if len(way) > 1], 20):
        depth = dice.randint(1, len(way))
        with suppress(LookupError, TypeError, ValueError):
            at(other, way[: depth - 1])[[*way, key][depth - 1]] = anything(dice, 3)
    raws = [json.dumps(each).encode() for each in (BASE, other)]
    for one, two in (raws, raws[::-1]):
        report = compare(parsed(one, "old.json"), parsed(two, "new.json"))
        assert json.dumps(report.plain)
        assert report.entry().isprintable() or "\n" in report.entry()


@pytest.mark.parametrize(
    ("old", "verdict", "wanted"),
    [
        ("0.1.0", Bump.major, "0.2.0"),
        ("0.1.0", Bump.minor, "0.1.1"),
        ("0.1.9", Bump.patch, "0.1.10"),
        ("0.0.3", Bump.major, "0.1.0"),
        ("1.2.3", Bump.major, "2.0.0"),
        ("1.2.3", Bump.minor, "1.3.0"),
        ("1.2.3", Bump.patch, "1.2.4"),
        ("1.2.3", None, "1.2.3"),
    ],
)
def test_what_version_a_change_needs(old: str, verdict: Bump | None, wanted: str) -> None:
    first, second, third = map(int, old.split("."))
    assert dotted(needed((first, second, third), verdict)) == wanted


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A git repository with a catalog, tagged v1.2.3, and then one with a change."""
    case = next(case for case in CASES if title(case).startswith("stage-removed"))
    old, new = planted(case)
    git = ["git", "-c", "user.name=x", "-c", "user.email=x@y.z", "-C", tmp_path]
    passes(*git, "init", "--quiet")
    for raw in (old, new):
        (tmp_path / "catalog.json").write_text(raw)
        passes(*git, "add", ".")
        passes(*git, "commit", "--quiet", "--message", "x")
        passes(*git, "tag", "--force", "v1.2.3" if raw is old else "later")
    return tmp_path


def versioned(folder: Path, version: str) -> Path:
    """The catalog in a folder with another version."""
    path = folder / "catalog.json"
    path.write_text(path.read_text().replace('"version": "1.2.3"', f'"version": "{version}"'))
    return path


def differ(folder: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    return codegen("diff", *arguments, "--catalog", "catalog.json", cwd=folder)


def test_a_file_or_a_revision(repository: Path) -> None:
    done = differ(repository, "v1.2.3")
    assert done.returncode == 1
    first, last = done.stdout.splitlines()
    assert re.fullmatch(
        r"v1\.2\.3:catalog\.json:\d+:\d+: major: relay_denied: stages lacks 'mail' "
        r"\[stage-removed\]",
        first,
    )
    assert last == "major: 1.2.3 needs 2.0.0, not 1.2.3"
    assert differ(repository, "v1.2.3", "later").stdout == done.stdout
    assert differ(repository, "v1.2.3:catalog.json", "HEAD").stdout == done.stdout
    versioned(repository, "2.0.0")
    done = differ(repository, "v1.2.3")
    assert done.returncode == 0
    assert done.stdout.splitlines()[-1] == "major: 1.2.3 -> 2.0.0 is enough"
    (repository / "later").write_text((repository / "catalog.json").read_text())
    assert differ(repository, "later").stdout == "no changes: 2.0.0 -> 2.0.0\n"


def test_a_version_that_does_not_grow_is_too_small(repository: Path) -> None:
    for version in ("1.2.3", "1.2.2", "0.9.0"):
        versioned(repository, version)
        assert differ(repository, "v1.2.3").returncode == 1
        passes("git", "checkout", "--quiet", "catalog.json", cwd=repository)


def test_json_and_annotations(repository: Path) -> None:
    said = json.loads(differ(repository, "v1.2.3", "--format", "json").stdout)
    (change,) = said.pop("changes")
    assert said == {
        "old": "1.2.3", "new": "1.2.3", "verdict": "major", "needed": "2.0.0", "enough": False
    }  # fmt: skip
    assert (change["verdict"], change["rule"]) == ("major", "stage-removed")
    assert change["path"] == "v1.2.3:catalog.json"
    asked = ("v1.2.3", "--format", "github")
    line, _ = differ(repository, *asked).stdout.splitlines()
    place = f"file=v1.2.3%3Acatalog.json,line={change['line']},col={change['column']}"
    what = "relay_denied: stages lacks 'mail' (major)"
    assert line == f"::error {place},title=stage-removed::{what}"
    versioned(repository, "2.0.0")
    assert differ(repository, *asked).stdout.startswith("::notice ")


ENTRY = """\
## 1.2.3

### Added

- `too_many_errors`: also sent under 450 4.7.0.
- `other_words`: added to the replies.

### Changed

- **Breaking:** `too_many_errors`: code is 450, was 421.

### Removed

- **Breaking:** `too_many_errors`: no longer sent under 421 4.7.0.
- **Breaking:** `mailbox_is_full`: gone from the reasons, without a new name.

### Fixed

- `goes_on`, `relay_denied`: cause reads otherwise.
"""


def test_the_entry_of_the_changelog(tmp_path: Path) -> None:
    chosen = ("id-removed of a reason", "id-added", "code-changed")
    changed = [edit for case in CASES if title(case) in chosen for edit in edits(case)]
    prose = [f'replies/{an_id}/cause: "For a reason."' for an_id in ("goes_on", "relay_denied")]
    old, new = planted("\n".join(["", *changed, *prose]))
    (tmp_path / "old.json").write_text(old)
    (tmp_path / "new.json").write_text(new)
    done = codegen("diff", "old.json", "new.json", "--format", "markdown", cwd=tmp_path)
    assert done.stdout == ENTRY


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        ((), 2, "Missing argument 'old'"),
        (("later", "--format", "xml"), 2, "'xml' is not one of"),
        (("v0.0.0",), 4, "cannot read v0.0.0: no such file, and git knows no such revision"),
        (("later:no.json",), 4, "cannot read later:no.json: revision later has no file no.json"),
        (("no/such.json",), 4, "cannot read no/such.json: no such file"),
        (("",), 4, "cannot read : no such file"),
        (("wrong.json",), 3, "wrong.json:1:2: not JSON"),
        (("list.json",), 3, "list.json:1:1: not a catalog: it is not an object"),
        (("bare.json",), 3, "bare.json:1:1: not a catalog: it has no version like 1.2.3"),
        (("deep.json",), 3, "deep.json: nests too deeply"),
        (("later", "bare.json"), 3, "not a catalog"),
        (("later", "broken.json"), 3, "Fix 1 problem in broken.json. Nothing was compared."),
    ],
)
def test_mistakes(repository: Path, arguments: tuple[str, ...], status: int, said: str) -> None:
    (repository / "wrong.json").write_text("{,}")
    (repository / "list.json").write_text("[]")
    (repository / "bare.json").write_text("{}")
    deep = "[" * 900 + "]" * 900
    (repository / "deep.json").write_text(f'{{"version": "1.0.0", "x": {deep}}}')
    (repository / "broken.json").write_text(
        (repository / "catalog.json").read_text().replace('"goes_on"', '"goeson"')
    )
    done = differ(repository, *arguments)
    assert done.returncode == status, done.stderr
    assert done.stdout == ""
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_without_git_or_a_repository(tmp_path: Path) -> None:
    path = tmp_path / "catalog.json"
    path.write_text(json.dumps(BASE))
    done = differ(tmp_path, "v1.2.3")
    assert done.returncode == 4
    assert "is in no git repository" in done.stderr
    done = codegen("diff", "v1.2.3", "--catalog", path, env={"PATH": str(tmp_path)})
    assert (done.returncode, done.stdout) == (4, "")
    assert done.stderr == "codegen: cannot run git: No such file or directory\n"


def test_what_an_older_shape_has_is_compared_and_the_rest_is_told(tmp_path: Path) -> None:
    old = json.loads(json.dumps(BASE))
    del old["reasons"]
    old["replies"]["goes_on"]["code"] = 354
    old["replies"]["goes_on"]["stages"] = "data"
    old["categories"] = ["plain"]
    old["replies"]["relay_denied"]["must_act"] = "sender"
    (tmp_path / "old.json").write_text(json.dumps(old))
    (tmp_path / "catalog.json").write_text(json.dumps(BASE))
    done = differ(tmp_path, "old.json")
    assert done.stderr == (
        "old.json: not compared, since the schema has it otherwise today: "
        "categories, replies.goes_on.stages\n"
    )
    seen = re.findall(r"\[([a-z-]+)\]$", done.stdout, re.MULTILINE)
    assert seen == ["must-act-changed", "fact-removed", "fact-added", *["id-added"] * 3]


def shown(case: str) -> str:
    """A case with what the command says now."""
    head, *rest = [line for line in case.splitlines() if line and not line.startswith("! ")]
    changes = edits(case)
    others = [line for line in rest if line not in changes]
    return "\n".join([head, *changes, *(f"! {line}" for line in said(case)), *others])


def main() -> None:
    text = "\n\n== ".join((HEADING.rstrip(), *map(shown, CASES))) + "\n"
    (DIFF / "cases.txt").write_text(text)


if __name__ == "__main__":
    main()
