# Sourced, with `here` and `version` set: Hadoop's jars, the folder of everything that is written, its configuration, and
# daemons that end when the script does. Environment: STATE, LIB, SCHEDULER, ANONYMOUS, HEAP and JVM, see up.sh.
lib=$("$here/jars.sh" "$version")
state=${STATE:-$(mktemp -d)}
mkdir -p "$state"/{conf,logs,labels,store,tmp}
state=$(cd "$state" && pwd)
head -c 32 /dev/urandom | base64 > "$state/signature-secret"

case ${SCHEDULER:-capacity} in
  capacity) scheduler=capacity.CapacityScheduler ;;
  fair) scheduler=fair.FairScheduler ;;
  fifo) scheduler=fifo.FifoScheduler ;;
  *) echo "SCHEDULER is capacity, fair or fifo" >&2; exit 2 ;;
esac

property() { echo "<property><name>$1</name><value>$2</value></property>"; }
addresses() { # what the names of a ResourceManager's properties end in, its web port, the first of its four others
  property "yarn.resourcemanager.webapp.address$1" "127.0.0.1:$2"
  property "yarn.resourcemanager.scheduler.address$1" "127.0.0.1:$3"
  property "yarn.resourcemanager.resource-tracker.address$1" "127.0.0.1:$(($3 + 1))"
  property "yarn.resourcemanager.address$1" "127.0.0.1:$(($3 + 2))"
  property "yarn.resourcemanager.admin.address$1" "127.0.0.1:$(($3 + 3))"
}
configure() { # a folder, how its users authenticate over HTTP, more properties
  mkdir -p "$1"
  local file
  for file in "$here"/conf/*; do
    sed -e "s#@STATE@#$state#g; s#@LIB@#$lib#g; s#@CONF@#$1#g; s#@SCHEDULER@#$scheduler#g" \
      -e "s#@ANONYMOUS@#${ANONYMOUS:-true}#g; s#@AUTH@#$2#g; s#@MORE@#${3//$'\n'/}#g" "$file" > "$1/${file##*/}"
  done
}

daemons=()
finish() {
  trap - EXIT
  # The NodeManager first: it ends the containers that it started, which takes it 3 seconds. All go on tidying up
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

start() { # name, a program and its arguments
  "${@:2}" > "$state/logs/$1.log" 2>&1 < /dev/null &
  daemons+=($!)
}
. "$here/java.sh"
read -ra jvm <<< "${JVM--XX:TieredStopAtLevel=1}"
daemon() { # name, heap, folder of its configuration, class and its arguments
  start "$1" java -Xmx"$2" -XX:+UseSerialGC "${jvm[@]}" "${java_opens[@]}" -Dhadoop.home.dir="$state" \
    -Dyarn.log.dir="$state/logs" -Dhadoop.log.dir="$state/logs" -cp "$3:$lib/*" "${@:4}"
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
status() { # port, path: the status of the reply
  curl -s -o /dev/null -m 2 -w '%{http_code}' "http://127.0.0.1:$1/ws/v1/cluster/$2"
}
