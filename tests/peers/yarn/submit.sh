#!/usr/bin/env bash
# submit.sh ADDRESS: gives a ResourceManager that up.sh started, with the same STATE and LIB, applications of every kind:
# with the client in LIB two that run in containers (one ends, one goes on for an hour); one that is killed, one that
# fails and one that waits are made over REST.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
address=${1%/}/ws/v1/cluster

post() { curl -fsS -X POST -H 'Content-Type: application/json' -H 'Accept: application/json' "$address/$1" -d "$2"; }
submit() { # user, name, queue, command; prints the id
  local id
  id=$(post "apps/new-application?user.name=$1" '{}' | grep -o 'application_[0-9]*_[0-9]*' | head -n 1)
  post "apps?user.name=$1" "{\"application-id\":\"$id\",\"application-name\":\"$2\",\"queue\":\"$3\",
    \"application-type\":\"TEST\",\"max-app-attempts\":1,\"application-tags\":{\"tag\":[\"nightly\",\"team-2\"]},
    \"am-container-spec\":{\"commands\":{\"command\":\"$4\"}},\"resource\":{\"memory\":128,\"vCores\":1}}"
  echo "$id"
}
await() { # id, state
  for _ in $(seq 120); do
    curl -fsS -H 'Accept: application/json' "$address/apps/$1?user.name=admin" | grep -q "\"state\":\"$2\"" && return
    sleep 0.5
  done
  echo "$1 did not come to $2" >&2
  exit 1
}

killed=$(submit alice 'ad-hoc query' root.eng.adhoc 'sleep 3600')
curl -fsS -o /dev/null -X PUT -H 'Content-Type: application/json' "$address/apps/$killed/state?user.name=alice" -d '{"state":"KILLED"}'
failed=$(submit bob '로그 집계' root.ops 'exit 3')
await "$killed" KILLED
await "$failed" FAILED
submit carol 'feature build' root.default 'sleep 3600' > /dev/null
if compgen -G "$LIB/hadoop-yarn-applications-distributedshell-*.jar" > /dev/null; then
  "$here/shell.sh" true 1 etl alice > "$STATE/logs/ends.log" 2>&1 || { tail -n 5 "$STATE/logs/ends.log" >&2; exit 1; }
  # the client only watches, so it may go as soon as there is something to see
  "$here/shell.sh" 'sleep 3600' 1 etl alice > "$STATE/logs/runs.log" 2>&1 < /dev/null &
  client=$!
  trap 'kill -9 "$client" 2> /dev/null' EXIT
  for _ in $(seq 120); do
    curl -fsS -H 'Accept: application/json' "$address/apps?states=RUNNING&user.name=admin" | grep -q application_ && exit
    sleep 0.5
  done
  echo "no application runs; see $STATE/logs/runs.log" >&2
  exit 1
fi
