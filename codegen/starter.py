"""A small catalog to start one's own from: the bundled one with one reply and one reason."""

import json
from pathlib import Path
from typing import Any

from codegen import layout, rules
from codegen.errors import CodegenError
from codegen.load import converted, ordered, read
from codegen.texts import PLACEHOLDER

REPLY, REASON = "command_too_long", "delivery_suspended"
WRAPPER = "reject: {stage} from {client}: {reply}"
PROJECT = {
    "repository": "https://git.example.com/you/your-replies",
    "page": "https://your-replies.example.com",
    "python": "your-replies",
    "npm": "your-replies",
    "go": "git.example.com/you/your-replies/generated/go",
}


def write(bundled: Path, folder: Path) -> Path:
    """Write catalog.json into a folder, which is made. One that is there already stays."""
    path = folder / "catalog.json"
    text = _text(json.loads(read(bundled)))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except OSError as error:
        raise CodegenError(f"cannot write {path}: {error.strerror}") from None
    return path


def _text(plain: dict[str, Any]) -> str:
    """The bundled catalog without what other projects fill with their own."""
    reply, reason = plain["replies"][REPLY], plain["reasons"][REASON]
    wrapper = next(one for one in plain["wrappers"] if one["text"] == WRAPPER)
    plain |= {"$schema": "./generated/catalog.schema.json", "version": "0.1.0", "project": PROJECT}
    plain |= {"replies": {REPLY: reply}, "reasons": {REASON: reason}, "wrappers": [wrapper]}
    plain |= {key: [] for key in ("exceptions", "marks", "not_reasons", "not_replies")}
    plain["everywhere"] = {}
    codes = {str(variant["code"]) for variant in reply["variants"]}
    plain["reply_codes"] = {code: plain["reply_codes"][code] for code in sorted(codes)}
    around = {*PLACEHOLDER.findall(WRAPPER), *wrapper["fields"]}
    plain["fields"] = {name: plain["fields"][name] for name in sorted(around)}
    for section, name in _unused(plain):
        del plain[section][name]
    registered = {category["enhanced"] for category in plain["categories"].values()}
    plain["enhanced_codes"] = {
        status: code for status, code in plain["enhanced_codes"].items() if status in registered
    }
    return layout.canonical(json.dumps(plain))


def _unused(plain: dict[str, Any]) -> list[tuple[str, str]]:
    found = rules.problems(ordered(converted(plain)))
    return [(str(where[0]), str(where[1])) for where, _, rule in found if rule == "unused"]
