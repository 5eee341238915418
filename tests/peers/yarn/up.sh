#!/usr/bin/env bash
# up.sh VERSION: a real ResourceManager and NodeManager on loopback, until it is ended (Ctrl-C, or SIGTERM).
# VERSION is 3.4 or 3.5. Needs Java 17, Maven and curl. Prints one line that begins with "UP" when it can be used.
#
# Environment:
#   STATE      an empty folder for everything that it writes; a temporary one unless told
#   LIB        the folder of Hadoop's jars, which jars.sh fills; below the cache unless told
#   PORT       the ResourceManager's web address (8088)
#   RPC        the first of four ports in a row for its other addresses (8030)
#   SCHEDULER  capacity, fair or fifo (capacity)
#   ANONYMOUS  "false" answers 401 to who gives no name (true)
#   KDC        a port: its web address wants a ticket of the realm HOWDAH.TEST, whose KDC listens there; that writes
#              into the folder kdc of STATE, see kdc.sh
#   NODE       "false" starts no NodeManager: applications are accepted and wait
#   SLS        "APPLICATIONS NODES": instead, with 3.4 alone, Hadoop's load simulator, which is a real ResourceManager
#              with so many simulated applications on so many simulated nodes; its ports are the same
#   HEAP       the ResourceManager's heap (1g)
#   JVM        more options of Java; those of a quick start unless told (empty for measurements)
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
version=${1:?usage: up.sh 3.4|3.5}
port=${PORT:-8088}
. "$here/daemons.sh"

more=$(addresses "" "$port" "${RPC:-8030}")
auth=simple answers=200
[ "${ANONYMOUS:-true}" = true ] || answers=401
if [ -n "${KDC:-}" ]; then
  auth=kerberos answers=401
  more+=$(property hadoop.http.filter.initializers org.apache.hadoop.security.AuthenticationFilterInitializer)
  jvm+=(-Djava.security.krb5.conf="$state/kdc/krb5.conf")
  STATE="$state/kdc" start kdc "$here/kdc.sh" "$KDC"
  wait_for kdc grep -q ^UP "$state/logs/kdc.log"
fi
configure "$state/conf" "$auth" "$more"

if [ -n "${SLS:-}" ]; then
  read -r applications nodes <<< "$SLS"
  python3 "$here/trace.py" "$applications" "$nodes" > "$state/trace.json"
  # The names of its nodes are looked up all the time, and nobody else knows them.
  { echo "127.0.0.1 localhost $(uname -n)"; seq -f "127.0.0.1 node%.0f" 0 "$nodes"; } > "$state/hosts"
  jvm+=(-Djdk.net.hosts.file="$state/hosts")
  cd "$state" # it writes beside itself
  daemon simulator "${HEAP:-1g}" "$state/conf" org.apache.hadoop.yarn.sls.SLSRunner \
    -tracetype SYNTH -tracelocation "$state/trace.json" -output "$state/out"
  answers() { [ "$(status "$port" metrics)" = 200 ]; }
  wait_for simulator answers
  echo "UP: load simulator at http://127.0.0.1:$port, state in $state"
  wait -n || { echo "the simulator ended; see $state/logs" >&2; exit 1; }
  exit
fi

daemon resourcemanager "${HEAP:-1g}" "$state/conf" org.apache.hadoop.yarn.server.resourcemanager.ResourceManager
answers() { [ "$(status "$port" metrics)" = "$answers" ]; }
wait_for resourcemanager answers
# It answers before its token keys are made; a submission or a token asked for in that moment fails.
wait_for resourcemanager grep -q 'Starting expired delegation token remover' "$state/logs/resourcemanager.log"
if [ "${NODE:-true}" = true ]; then
  daemon nodemanager 512m "$state/conf" org.apache.hadoop.yarn.server.nodemanager.NodeManager
  wait_for nodemanager grep -q 'Node Transitioned from NEW to RUNNING' "$state/logs/resourcemanager.log"
fi
echo "UP: ResourceManager $version at http://127.0.0.1:$port, state in $state"
wait -n || { echo "a daemon ended; see $state/logs" >&2; exit 1; }
