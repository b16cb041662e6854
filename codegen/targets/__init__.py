"""The output languages: one module each, found by the folders in templates/.

A target is a module of this package with `context(catalog)`, which shapes the catalog for its
templates. One for a language that has constants also has LANGUAGE, what people call it;
`name(id)`, how it spells a reply's constant; and `taken(catalog)`, the names that its package has
besides.
"""

from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType


def names() -> list[str]:
    """Every target's name, sorted."""
    return sorted(module.name for module in iter_modules(__path__))


def load(name: str) -> ModuleType:
    """The module of the target called `name`."""
    return import_module(f"{__name__}.{name}")


@cache
def languages() -> list[ModuleType]:
    """The targets that give each reply a constant."""
    return [target for target in map(load, names()) if hasattr(target, "LANGUAGE")]
