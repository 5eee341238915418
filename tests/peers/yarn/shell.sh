#!/usr/bin/env bash
# shell.sh COMMAND [CONTAINERS] [QUEUE] [USER]: submits an application that really runs a shell command in containers,
# and waits for its end. Environment: STATE and LIB as given to up.sh; LIB must be that of 3.4, which has the client.
set -euo pipefail
. "$(dirname "$0")/java.sh"
jars=("${LIB:?}"/hadoop-yarn-applications-distributedshell-*.jar)
HADOOP_USER_NAME=${4:-alice} exec java -Xmx256m "${java_opens[@]}" -cp "${STATE:?}/conf:$LIB/*" \
  org.apache.hadoop.yarn.applications.distributedshell.Client -jar "${jars[0]}" -appname shell \
  -shell_command "$1" -num_containers "${2:-1}" -container_memory 128 -master_memory 256 -queue "${3:-etl}"
