"""Names are for ever, so somebody decides how each word of an id is written."""

from codegen.facts import NOUNS, RECORDS
from codegen.targets import go
from tests.tools import ROOT, catalog_of

CATALOG = catalog_of()
PLAIN = frozenset((ROOT / "tests/words.txt").read_text().split())


def ids() -> list[str]:
    said = [an_id for one in CATALOG.said() for an_id in (one.id, *one.formerly)]
    codes = [code.id for code in CATALOG.reply_codes.values()]
    codes += [code.id for code in CATALOG.enhanced_codes.values()]
    names = ("categories", "stages", "statuses", "parties", "retries", "severities")
    words = [word for name in names for word in getattr(CATALOG, name)]
    return [*said, *words, *codes]


def test_every_word_of_an_id_is_a_plain_word_or_an_initialism() -> None:
    words = {word for an_id in ids() for word in an_id.split("_")}
    unknown = words - PLAIN - go.INITIALISMS
    assert (
        not unknown
    ), "put each into tests/words.txt, or into INITIALISMS in codegen/targets/go.py"
    assert not PLAIN & go.INITIALISMS
    assert not (PLAIN | go.INITIALISMS) - words, "no id has these any more"


def test_go_writes_initialisms_in_capitals() -> None:
    assert go.spelled("command_ok") == "CommandOK"
    assert go.spelled("mime_8bit_body") == "MIME8BitBody"
    assert go.spelled("starttls_ready") == "STARTTLSReady"
    assert go.constant(NOUNS["Stage"], "rcpt") == "StageRCPT"
    assert go.constant(NOUNS["EnhancedCode"], "null_mx") == "EnhancedNullMX"


def test_the_facts_of_records_are_single_words() -> None:
    """So they are named the same in every language, and TypeScript can write them as they are."""
    names = [fact.name for noun in RECORDS for fact in noun.facts]
    assert names
    assert all(name.isalpha() for name in names)
