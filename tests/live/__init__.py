"""A real Postfix, provoked over real sockets: what it says must be what the catalog says."""

from codegen.load import load
from tests.toolchain import ROOT

CATALOG = load(ROOT / "catalog.json")
