"""The outputs: one module each, named as its folder in templates/.

A target says how its language names and quotes things:

- `LANGUAGE`, what people call it; absent for a target that gives replies no constants
- `spelled(id)`, the constant of an id; `field(name)`, a fact's name; `typed(type)`, its type
- `literal(value)`, a plain value as source; `comment(prose)`, prose for inside a comment
- `sentence(fact)`, what its documentation says of a fact
- `written(said, catalog)`, the constant as programs write it
- `filters`, more functions for its templates; `names(catalog)`, the names that its package exports
  beside those of the replies; `ARGUMENTS`, names that no placeholder can have
- `prepared(catalog)`, what all its templates may use, made once a build
- `AUTOESCAPE`, whether all that its templates put in is HTML text; `ON_DEMAND`, whether it is built
  only where `--target` names it

A language that has nothing to say to one of the last five leaves it out. A target of one's own is
such a module beside its folder of templates, wherever that is.
"""

import sys
from functools import cache
from importlib import import_module
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from pkgutil import iter_modules
from types import ModuleType

from codegen.errors import CodegenError

_taken: set[str] = set()


def names() -> list[str]:
    """Every target's name, sorted."""
    return sorted({module.name for module in iter_modules(__path__)} | _taken)


def take(path: Path) -> None:
    """Take a file as the target of its name. It is a program, and is run."""
    name = f"{__name__}.{path.stem}"
    spec = spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise CodegenError(f"cannot read {path}")
    module = module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        # It can fail in every way that Python knows.
        raise CodegenError(f"{path}: {type(error).__name__}: {error}") from None
    if hasattr(module, "LANGUAGE") and not hasattr(module, "spelled"):
        raise CodegenError(f"{path}: a LANGUAGE has spelled(id) as well")
    sys.modules[name] = module
    _taken.add(path.stem)
    languages.cache_clear()


def load(name: str) -> ModuleType:
    """The module of the target called `name`."""
    return import_module(f"{__name__}.{name}")


def is_usual(name: str) -> bool:
    """Whether a target is built where none is named."""
    return not getattr(load(name), "ON_DEMAND", False)


@cache
def languages() -> list[ModuleType]:
    """The targets that give each reply a constant."""
    return [target for target in map(load, names()) if hasattr(target, "LANGUAGE")]
