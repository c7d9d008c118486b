"""scim-conformance side by side with scim2-tester, against the same scim2-server: what each asks, and what that costs.

    pip install -e '.[benchmark]' && python tests/real/benchmark.py [--rounds N] [--write]

Both judge a scim2-server of their own over a loopback socket, in turns, so that what else the machine does meets both.
Counted are the requests that the server logged. Overhead is the CPU time of the harness's own process, its start
included, for each request. `--write` writes reports/benchmark.md.
"""

import argparse
import json
import os
import re
import resource
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

TOKEN = "token-of-the-benchmark-0123456789"
PAGE = Path(__file__).parents[2] / "reports" / "benchmark.md"
REQUEST = re.compile(r'"(GET|HEAD|POST|PUT|PATCH|DELETE|[A-Z]+) /')
TESTER = """
import json, sys, httpx2
from scim2_client.engines.httpx2 import SyncSCIMClient
from scim2_tester import Status, check_server
headers = {"Authorization": f"Bearer {sys.argv[2]}"}
with httpx2.Client(base_url=sys.argv[1], headers=headers, trust_env=False) as http:
    results = check_server(SyncSCIMClient(http))
judged = [each for each in results if each.status is not Status.SKIPPED]
bad = [each.title for each in judged if each.status in (Status.ERROR, Status.CRITICAL)]
print(json.dumps({"asked": len({each.title for each in judged}), "bad": len(bad)}))
"""


@dataclass
class Round:
    """One run of one harness: requests that the server saw, seconds of clock and CPU, what it judged and found."""

    requests: int
    wall: float
    cpu: float
    asked: int
    found: int


@contextmanager
def server(folder: Path) -> Iterator[tuple[str, Path]]:
    """Start scim2-server on a free port; gives its URL and its log."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = folder / "server.log"
    command = [str(Path(sys.executable).with_name("scim2-server")), "--port", str(port), "--bearer-token", TOKEN]
    with log.open("w") as out:
        process = subprocess.Popen(command, stdout=out, stderr=out)
    try:
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            with socket.socket() as trial:
                if trial.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}", log
    finally:
        process.terminate()
        process.wait(10)


def ours(url: str, folder: Path) -> tuple[int, int]:
    """Judge with scim-conformance; gives how many requirements were judged and how many checks failed."""
    command = [sys.executable, "-m", "scim_conformance", "run", url, "-q", "--output", str(folder / "out")]
    env = {**os.environ, "SCIM_TOKEN": TOKEN, "SCIM_CONFORMANCE_STATE": str(folder / "state")}
    subprocess.run(command, env=env, check=False, capture_output=True)
    report = json.loads((folder / "out" / "report.json").read_text(encoding="utf-8"))
    judged = [each for each in report["requirements"].values() if each["verdict"] in ("pass", "fail", "warn", "note")]
    return len(judged), report["totals"]["fail"]


def theirs(url: str, _folder: Path) -> tuple[int, int]:
    """Judge with scim2-tester; gives how many different checks said something and how many found a fault."""
    command = [sys.executable, "-c", TESTER, url, TOKEN]
    printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    result = json.loads(printed.splitlines()[-1])
    return result["asked"], result["bad"]


def measured(judge: object) -> Round:
    """Run one harness against a fresh server."""
    with tempfile.TemporaryDirectory() as name, server(Path(name)) as (url, log):
        before, began = _cpu(), time.monotonic()
        asked, found = judge(url, Path(name))
        wall, cpu = time.monotonic() - began, _cpu() - before
        requests = len(REQUEST.findall(log.read_text(encoding="utf-8")))
    return Round(requests, wall, cpu, asked, found)


def _cpu() -> float:
    """Return the CPU seconds of the processes that this one started and that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def page(rounds: dict[str, list[Round]]) -> str:
    """Write the comparison in Markdown."""
    names = list(rounds)
    middle = {
        name: Round(*(statistics.median(getattr(each, part) for each in runs) for part in Round.__dataclass_fields__))
        for name, runs in rounds.items()
    }
    rows = [
        ("requests", lambda r: r.requests, "{:.0f}"),
        ("distinct requirements judged (scim2-tester: distinct checks)", lambda r: r.asked, "{:.0f}"),
        ("requests for each of them", lambda r: r.requests / r.asked, "{:.2f}"),
        ("seconds, server included", lambda r: r.wall, "{:.2f}"),
        ("CPU milliseconds of the harness for each request", lambda r: 1000 * r.cpu / r.requests, "{:.2f}"),
        ("faults found", lambda r: r.found, "{:.0f}"),
    ]
    lines = [
        "# Benchmark",
        "",
        "Written by `python tests/real/benchmark.py --write`: scim-conformance and scim2-tester side by side, in turns",
        "and each against a scim2-server of its own on a loopback socket. Ratios say more than seconds, which are",
        f"the machine's. Medians of {len(rounds[names[0]])} rounds.",
        "",
        f"| | {' | '.join(names)} | ratio |",
        "| --- | ---: | ---: | ---: |",
    ]
    for title, value, form in rows:
        numbers = [value(middle[name]) for name in names]
        ratio = f"{numbers[0] / numbers[1]:.2f}" if numbers[1] else "-"
        lines.append(f"| {title} | {' | '.join(form.format(number) for number in numbers)} | {ratio} |")
    return "\n".join(lines) + "\n"


def main() -> None:
    """Measure in turns and print the page."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3, help="runs of each harness (default 3)")
    parser.add_argument("--write", action="store_true", help=f"write {PAGE.name} into reports/")
    arguments = parser.parse_args()
    rounds: dict[str, list[Round]] = {"scim-conformance": [], "scim2-tester": []}
    for _ in range(arguments.rounds):
        rounds["scim-conformance"].append(measured(ours))
        rounds["scim2-tester"].append(measured(theirs))
    text = page(rounds)
    sys.stdout.write(text)
    if arguments.write:
        PAGE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
