"""Whether a run asks more of a target that holds more: the bundled server with 100 and with 100,000 users.

    python tests/real/large_directory.py [USERS ...] [--write]

The harness never walks a directory that it did not create, so the number of requests stays the same; what grows is the
time that the server itself takes to look for what it was asked for. `--write` adds the table to reports/benchmark.md.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

TOKEN = "token-of-the-large-directory-01"
ORIGIN = "idp.example.com"
PAGE = Path(__file__).parents[2] / "reports" / "benchmark.md"
HEADING = "## With what is stored already"
SERVER = """
import sys
from scim_conformance.server import reference
from scim_conformance.server.web import Server
service = reference(token=sys.argv[2], service_origin=sys.argv[3], base_path="/scim/v2")
kind = service.resource_types.get("User")
for number in range(int(sys.argv[1])):
    name = f"resident{number:06}@example.com"
    draft = {"schemas": [kind.schema], "userName": name, "active": True, "displayName": f"Resi Dent {number}",
             "name": {"givenName": "Resi", "familyName": f"Dent {number}"},
             "emails": [{"value": name, "type": "work", "primary": True}]}
    service.lifecycle.insert(kind, service.lifecycle.new_resource(kind, draft))
server = Server(service)
print(server.url, flush=True)
server.run()
"""


def measured(users: int) -> dict[str, float]:
    """Judge a server that holds so many users already; gives requests, seconds, and how many users it holds after."""
    command = [sys.executable, "-c", SERVER, str(users), TOKEN, ORIGIN]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        url = server.stdout.readline().strip()
        with tempfile.TemporaryDirectory() as folder:
            run = [sys.executable, "-m", "scim_conformance", "run", url, "--origin", ORIGIN, "-q", "--output", folder]
            began = time.monotonic()
            env = {**os.environ, "SCIM_TOKEN": TOKEN, "SCIM_CONFORMANCE_STATE": folder}
            subprocess.run(run, env=env, check=False, capture_output=True)
            seconds = time.monotonic() - began
            report = json.loads((Path(folder) / "report.json").read_text(encoding="utf-8"))
    finally:
        server.terminate()
        server.wait(10)
    return {"users": users, "requests": report["requests"], "seconds": seconds, **report["totals"]}


def page(rows: list[dict[str, float]]) -> str:
    """Write the table in Markdown."""
    lines = [
        HEADING,
        "",
        "Written by `python tests/real/large_directory.py --write`: whole runs against the bundled server on a",
        "loopback socket, which held so many users of others before.",
        "",
        "| users stored | requests | seconds | pass | fail, error and blocked |",
        "| ---: | ---: | ---: | ---: | ---: |",
    ]
    for row in rows:
        bad = row["fail"] + row["error"] + row["blocked"]
        lines.append(f"| {row['users']:,} | {row['requests']} | {row['seconds']:.1f} | {row['pass']} | {bad} |")
    return "\n".join(lines) + "\n"


def main() -> None:
    """Measure each size and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("users", nargs="*", type=int, default=[100, 100_000], help="sizes (default 100 100000)")
    parser.add_argument("--write", action="store_true", help=f"put the table into reports/{PAGE.name}")
    arguments = parser.parse_args()
    text = page([measured(users) for users in arguments.users])
    sys.stdout.write(text)
    if arguments.write:
        before = PAGE.read_text(encoding="utf-8").partition(HEADING)[0].rstrip()
        PAGE.write_text(f"{before}\n\n{text}", encoding="utf-8")


if __name__ == "__main__":
    main()
