# Sourced, with `state` set: programs in the background that end when the script does, with their output in the folder
# `logs` of the state.
daemons=()
finish() {
  trap - EXIT
  # The last one first: it may stand on others. All go on tidying up for long after that, which nobody needs.
  for ((i = ${#daemons[@]} - 1; i >= 0; i--)); do
    kill "${daemons[i]}" 2> /dev/null || continue
    for _ in $(seq 24); do kill -0 "${daemons[i]}" 2> /dev/null || break; sleep 0.25; done
    { kill -9 "${daemons[i]}" || true; wait "${daemons[i]}" || true; } 2> /dev/null
  done
  # What they started in sessions of its own, as a NodeManager does its containers, stands in a folder of the state.
  for place in /proc/[0-9]*; do
    [[ $(readlink "$place/cwd" 2> /dev/null) == "$state"/* ]] && kill -9 "${place#/proc/}" 2> /dev/null
  done
  exit "$1"
}
trap 'finish $?' EXIT
trap 'finish 0' TERM INT HUP

start() { # name, a program and its arguments
  "${@:2}" > "$state/logs/$1.log" 2>&1 < /dev/null &
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
