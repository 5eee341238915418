#!/usr/bin/env bash
# ha.sh: a pair of ResourceManagers 3.4 on loopback, without ZooKeeper, until it is ended (Ctrl-C, or SIGTERM). rm1 is
# active; what they know is in one store, so the other goes on with it. No NodeManager: applications are accepted and
# wait. Prints one line that begins with "UP" when it can be used.
#   ha.sh standby rm1    sends rm1 of the pair that another ha.sh with the same STATE started to standby
#   ha.sh active rm2     makes rm2 the active one, while rm1 is on standby
#
# Environment: STATE, LIB, SCHEDULER and JVM as for up.sh; PORT, the first of ten ports in a row: rm1's web address,
# rm2's, and four others of each (8088).
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)

if [ $# -gt 0 ]; then
  case $1 in
    active) change=-transitionToActive ;;
    standby) change=-transitionToStandby ;;
    *) echo "usage: ha.sh [active|standby rm1|rm2]" >&2; exit 2 ;;
  esac
  . "$here/java.sh"
  exec java -Xmx128m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 "${java_opens[@]}" -cp "${STATE:?}/rm1:${LIB:?}/*" \
    org.apache.hadoop.yarn.client.cli.RMAdminCLI "$change" "${2:?rm1 or rm2}"
fi

version=3.4
port=${PORT:-8088}
. "$here/daemons.sh"
LIB=$lib STATE=$state
export LIB STATE
both=$(
  property yarn.resourcemanager.ha.enabled true
  property yarn.resourcemanager.ha.automatic-failover.enabled false
  property yarn.resourcemanager.ha.rm-ids rm1,rm2
  property yarn.resourcemanager.cluster-id pair
  property yarn.node-labels.enabled false
  property yarn.resourcemanager.recovery.enabled true
  property yarn.resourcemanager.store.class org.apache.hadoop.yarn.server.resourcemanager.recovery.FileSystemRMStateStore
  property yarn.resourcemanager.fs.state-store.uri "file://$state/store"
  addresses .rm1 "$port" "$((port + 2))"
  addresses .rm2 "$((port + 1))" "$((port + 6))"
)
for id in rm1 rm2; do
  configure "$state/$id" simple "$(property yarn.resourcemanager.ha.id "$id")$both"
  daemon "$id" "${HEAP:-512m}" "$state/$id" org.apache.hadoop.yarn.server.resourcemanager.ResourceManager
done
answers() { [ "$(status "$1" info)" = 200 ]; }
wait_for rm1 answers "$port"
wait_for rm2 answers "$((port + 1))"
"$here/ha.sh" active rm1 > "$state/logs/active.log" 2>&1 || { tail -n 20 "$state/logs/active.log" >&2; exit 1; }
echo "UP: rm1 at http://127.0.0.1:$port, rm2 at http://127.0.0.1:$((port + 1)), state in $state"
wait -n || { echo "a daemon ended; see $state/logs" >&2; exit 1; }
