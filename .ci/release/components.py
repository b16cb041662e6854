"""What the generator depends on, as a CycloneDX list. The packages depend on nothing."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.metadata import requires, version
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name


def write(name: str, of: str, to: Path) -> None:
    """Write what a distribution needs here, however deeply, and what needs what.

    The versions are those of the lock file, since the environment is made from it.
    """
    found = {name: _component(name, of, ComponentType.APPLICATION)}
    bom = Bom()
    bom.metadata.component = found[name]
    # A number and a time that follow from the release: the same bytes again.
    bom.serial_number = uuid5(NAMESPACE_URL, str(found[name].purl))
    bom.metadata.timestamp = datetime.fromtimestamp(int(os.environ["SOURCE_DATE_EPOCH"]), UTC)
    _add(name, bom, found)
    to.write_text(JsonV1Dot6(bom).output_as_string(indent=2) + "\n")


def _add(name: str, bom: Bom, found: dict[str, Component]) -> None:
    needed = list(_needed(name))
    for one in needed:
        if one not in found:
            found[one] = _component(one, version(one), ComponentType.LIBRARY)
            bom.components.add(found[one])
            _add(one, bom, found)
    bom.register_dependency(found[name], [found[one] for one in needed])


def _component(name: str, of: str, kind: ComponentType) -> Component:
    url = PackageURL("pypi", name=name, version=of)
    return Component(name=name, version=of, type=kind, purl=url, bom_ref=str(url))


def _needed(name: str) -> Iterator[str]:
    """What a distribution asks for on this machine."""
    for line in requires(name) or ():
        wanted = Requirement(line)
        if wanted.marker is None or wanted.marker.evaluate({"extra": ""}):
            yield canonicalize_name(wanted.name)
