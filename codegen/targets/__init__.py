"""The outputs: one module each, named as its folder in templates/.

A target says how its language names and quotes things:

- `LANGUAGE`, what people call it; absent for a target that gives replies no constants
- `spelled(id)`, the constant of an id; `field(name)`, a fact's name; `typed(type)`, its type
- `literal(value)`, a plain value as source; `comment(prose)`, prose for inside a comment
- `sentence(fact)`, what its documentation says of a fact
- `filters`, more functions for its templates; `names(catalog)`, the names that its package exports
  beside those of the replies; `ARGUMENTS`, names that no placeholder can have

A language that has nothing to say to one of the last three leaves it out.
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
