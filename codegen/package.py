"""The Python package of a catalog, imported from memory: what it knows, codegen knows."""

import sys
from importlib import import_module
from importlib.abc import InspectLoader, MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import spec_from_loader
from pathlib import Path
from types import ModuleType
from typing import Any

from codegen import render
from codegen.catalog import Catalog

NAME = "postfix_replies"


def imported(catalog: Catalog, templates: Path, module: str) -> Any:
    """A module of the package as `codegen build` makes it from a catalog.

    From then on this process imports the package by name, whatever else is installed.
    """
    files = render.render(catalog, templates, ["python"])
    sources = {
        path.removeprefix("python/").removesuffix(".py").replace("/", "."): source.decode()
        for path, source in files.items()
        if path.endswith(".py")
    }
    sys.meta_path.insert(0, _Finder(sources))
    return import_module(f"{NAME}.{module}")


class _Finder(MetaPathFinder, InspectLoader):
    """Finds modules among sources by name."""

    def __init__(self, sources: dict[str, str]) -> None:
        self.sources = sources

    def find_spec(
        self, name: str, path: object, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        known = name in self.sources or f"{name}.__init__" in self.sources
        return spec_from_loader(name, self) if known else None

    def get_source(self, name: str) -> str:
        return self.sources[f"{name}.__init__" if self.is_package(name) else name]

    def is_package(self, name: str) -> bool:
        return f"{name}.__init__" in self.sources
