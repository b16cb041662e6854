"""What runs in the sandbox: Postfix, its stand-ins and the conversations."""

import json
import re
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.live import postfix, sandbox, sending, standins
from tests.live.conversation import Conversation, Heard
from tests.live.deliveries import DELIVERIES
from tests.live.sandbox import command
from tests.live.scenario import Scenario, Service
from tests.live.scenarios import SCENARIOS

AT_ONCE = 16


def main(folder: Path, only: str) -> None:
    """Run the scenarios of a name, and leave what was heard and logged in the folder."""
    sandbox.furnish(folder / "root")
    scenarios = [scenario for scenario in SCENARIOS if only in scenario.name]
    deliveries = {name: one for name, one in DELIVERIES.items() if only in name}
    sending.prepare(deliveries.values())
    ports = postfix.configure(services(scenarios), deliveries.values())
    postfix.start()
    kept = standins.start()

    def hold(scenario: Scenario) -> list[Heard]:
        return Conversation(scenario, ports[scenario.service]).hold()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        heard = [one for many in pool.map(hold, scenarios) for one in many]
    queue_ids = sending.send_all(deliveries)
    listing = command("postqueue", "-p")
    mail = postfix.mail()
    postfix.stop()
    found = {
        "version": postfix.version(),
        "heard": [one._asdict() for one in heard],
        "queue_ids": queue_ids,
        "listing": listing,
        "mail": mail,
        "log": postfix.LOG.read_text(errors="replace").splitlines(),
    }
    for connection in kept:
        connection.close()
    (folder / "found.json").write_text(json.dumps(found))


def services(scenarios: Sequence[Scenario]) -> dict[Service, str]:
    """Each service and its name in the log, which is that of its first scenario."""
    names: dict[Service, str] = {}
    for scenario in scenarios:
        names.setdefault(scenario.service, re.sub(r"\W+", "_", scenario.name))
    return names


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
