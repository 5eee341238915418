#!/usr/bin/env bash
# jars.sh VERSION: gets the jars of Hadoop 3.4 or 3.5 into LIB (below the cache unless told), once, and prints that
# folder. Needs Java 17 and Maven. A slow line takes minutes for it.
set -euo pipefail
version=${1:?usage: jars.sh 3.4|3.5}
pom=$(cd "$(dirname "$0")" && pwd)/pom-$version.xml
[ -f "$pom" ] || { echo "there is no $pom" >&2; exit 2; }
lib=${LIB:-${HOWDAH_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/howdah}/peers/hadoop-$version/lib}
mkdir -p "$lib"
lib=$(cd "$lib" && pwd)
if [ ! -f "$lib/.complete" ]; then
  echo "getting the jars of Hadoop $version (about 100 MB, once)" >&2
  mvn -q -B -f "$pom" dependency:copy-dependencies -DincludeScope=runtime -DoutputDirectory="$lib" >&2
  touch "$lib/.complete"
fi
echo "$lib"
