#!/usr/bin/env bash
# Judge SCIMMY by hand: install it from npm beside this script, start it, run the suites, and end it.
#   tests/real/scimmy/judge.sh [options of scim-conformance run]
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
export SCIM_TOKEN=${SCIM_TOKEN:-scimmy-token-of-a-run-by-hand} PORT=${PORT:-8799}
cp "$here/package.json" "$here/server.mjs" "$work"
npm install --prefix "$work" --silent --no-audit --no-fund >&2
node "$work/server.mjs" >"$work/log" 2>&1 &
server=$!
trap 'kill "$server" 2>/dev/null; rm -rf "$work"' EXIT
for _ in $(seq 50); do grep -q http "$work/log" && break; sleep 0.1; done
scim-conformance run "http://127.0.0.1:$PORT/scim" "$@"
