#!/usr/bin/env bash
# hold.sh PROGRAM [ARGUMENT...]: runs a program until its own standard input is closed, however its starter ended;
# so nothing that a test started outlives the test, not even after a kill.
set -u
trap '' INT
"$@" < /dev/null &
child=$!
{ while read -r _; do :; done; kill "$child"; } <&0 2> /dev/null &
reader=$!
wait "$child"
status=$?
kill "$reader" 2> /dev/null
exit "$status"
