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

. "$here/../background.sh"
. "$here/java.sh"
read -ra jvm <<< "${JVM--XX:TieredStopAtLevel=1}"
daemon() { # name, heap, folder of its configuration, class and its arguments
  start "$1" java -Xmx"$2" -XX:+UseSerialGC "${jvm[@]}" "${java_opens[@]}" -Dhadoop.home.dir="$state" \
    -Dyarn.log.dir="$state/logs" -Dhadoop.log.dir="$state/logs" -cp "$3:$lib/*" "${@:4}"
}
status() { # port, path: the status of the reply
  curl -s -o /dev/null -m 2 -w '%{http_code}' "http://127.0.0.1:$1/ws/v1/cluster/$2"
}
