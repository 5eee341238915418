#!/usr/bin/env bash
# up.sh VERSION: a real ResourceManager and NodeManager on loopback, until it is ended (Ctrl-C, or SIGTERM).
# VERSION is 3.4 or 3.5. Needs Java 17, Maven and curl. Prints one line that begins with "UP" when it can be used.
#
# Environment:
#   STATE     an empty folder for everything that it writes; a temporary one unless told
#   LIB       the folder of Hadoop's jars, which jars.sh fills; below the cache unless told
#   PORT      the ResourceManager's web address (8088)
#   RPC       the first of four ports in a row for its other addresses (8030)
#   NODE      "false" starts no NodeManager: applications are accepted and wait
#   SLS       "APPLICATIONS NODES": instead, with 3.4 alone, Hadoop's load simulator, which is a real ResourceManager
#             with so many simulated applications on so many simulated nodes; its ports are the same
#   HEAP      the ResourceManager's heap (1g)
#   JVM       more options of Java; those of a quick start unless told (empty for measurements)
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
version=${1:?usage: up.sh 3.4|3.5}
lib=$("$here/jars.sh" "$version")
port=${PORT:-8088} rpc=${RPC:-8030}

state=${STATE:-$(mktemp -d)}
mkdir -p "$state"/{conf,logs,labels,tmp}
state=$(cd "$state" && pwd)

for file in "$here"/conf/*; do
  sed -e "s#@STATE@#$state#g; s#@LIB@#$lib#g; s#@PORT@#$port#g" \
    -e "s#@RPC0@#$rpc#g; s#@RPC1@#$((rpc + 1))#g; s#@RPC2@#$((rpc + 2))#g; s#@RPC3@#$((rpc + 3))#g" \
    "$file" > "$state/conf/${file##*/}"
done
head -c 32 /dev/urandom | base64 > "$state/signature-secret"

daemons=()
finish() {
  trap - EXIT
  # The NodeManager first: it ends the containers that it started, which takes it 3 seconds. Both go on tidying up
  # for long after that, which nobody needs.
  for ((i = ${#daemons[@]} - 1; i >= 0; i--)); do
    kill "${daemons[i]}" 2> /dev/null || continue
    for _ in $(seq 24); do kill -0 "${daemons[i]}" 2> /dev/null || break; sleep 0.25; done
    { kill -9 "${daemons[i]}" || true; wait "${daemons[i]}" || true; } 2> /dev/null
  done
  exit "$1"
}
trap 'finish $?' EXIT
trap 'finish 0' TERM INT HUP

. "$here/java.sh"
read -ra jvm <<< "${JVM--XX:TieredStopAtLevel=1}"
daemon() { # name, heap, class and its arguments
  java -Xmx"$2" -XX:+UseSerialGC "${jvm[@]}" "${java_opens[@]}" -Dhadoop.home.dir="$state" \
    -Dyarn.log.dir="$state/logs" -Dhadoop.log.dir="$state/logs" -cp "$state/conf:$lib/*" "${@:3}" \
    > "$state/logs/$1.log" 2>&1 < /dev/null &
  daemons+=($!)
}
wait_for() { # name, a command that succeeds when it is there
  for _ in $(seq 240); do
    "${@:2}" && return
    kill -0 "${daemons[-1]}" 2> /dev/null || { echo "the $1 ended:" >&2; tail -n 20 "$state/logs/$1.log" >&2; exit 1; }
    sleep 0.25
  done
  echo "the $1 was not ready within a minute; see $state/logs" >&2
  exit 1
}
metrics() { curl -fsS -m 2 "http://127.0.0.1:$port/ws/v1/cluster/metrics" 2> /dev/null | grep -q "$1"; }

if [ -n "${SLS:-}" ]; then
  read -r applications nodes <<< "$SLS"
  python3 "$here/trace.py" "$applications" "$nodes" > "$state/trace.json"
  # The names of its nodes are looked up all the time, and nobody else knows them.
  { echo "127.0.0.1 localhost $(uname -n)"; seq -f "127.0.0.1 node%.0f" 0 "$nodes"; } > "$state/hosts"
  jvm+=(-Djdk.net.hosts.file="$state/hosts")
  cd "$state" # it writes beside itself
  daemon simulator "${HEAP:-1g}" org.apache.hadoop.yarn.sls.SLSRunner \
    -tracetype SYNTH -tracelocation "$state/trace.json" -output "$state/out"
  wait_for simulator metrics clusterMetrics
  echo "UP: load simulator at http://127.0.0.1:$port, state in $state"
  wait -n || { echo "the simulator ended; see $state/logs" >&2; exit 1; }
  exit
fi

daemon resourcemanager "${HEAP:-1g}" org.apache.hadoop.yarn.server.resourcemanager.ResourceManager
wait_for resourcemanager metrics clusterMetrics
# It answers before its token keys are made; a submission in that moment fails.
wait_for resourcemanager grep -q 'Starting expired delegation token remover' "$state/logs/resourcemanager.log"
if [ "${NODE:-true}" = true ]; then
  daemon nodemanager 512m org.apache.hadoop.yarn.server.nodemanager.NodeManager
  wait_for nodemanager metrics '"activeNodes":1'
fi
echo "UP: ResourceManager $version at http://127.0.0.1:$port, state in $state"
wait -n || { echo "a daemon ended; see $state/logs" >&2; exit 1; }
