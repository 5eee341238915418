#!/usr/bin/env bash
# up.sh: a real Sahara 19 with a real Keystone and a real Glance on loopback, until it is ended (Ctrl-C, or SIGTERM).
# Nova, Neutron and Heat are stand-ins (cloud.py), and so is SSH to the instances (remote/). Needs Python 3.11 and curl.
# Prints one line that begins with "UP" when it can be used.
#
# Environment:
#   STATE  an empty folder for everything that it writes; a temporary one unless told. `project.json` there tells of the
#          project, its user, an application credential, and the images
#   VENV   the Python environment, which environment.sh makes; below the cache unless told
#   PORT   the first of six ports in a row: Sahara, Keystone, Glance, and the stand-ins of Nova, Neutron and Heat (8386)
#   LIFE   how many seconds a token lives (3600)
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
venv=$("$here/environment.sh")
state=${STATE:-$(mktemp -d)}
mkdir -p "$state"/{logs,images,staging,tasks}
state=$(cd "$state" && pwd)
sahara=${PORT:-8386}
keystone=$((sahara + 1)) glance=$((sahara + 2)) cloud=$((sahara + 3))
. "$here/../background.sh"

for file in "$here"/conf/*; do
  sed -e "s#@STATE@#$state#g; s#@VENV@#$venv#g; s#@SAHARA@#$sahara#g; s#@KEYSTONE@#$keystone#g; s#@GLANCE@#$glance#g" \
    -e "s#@LIFE@#${LIFE:-3600}#g" "$file" > "$state/${file##*/}"
done
PATH="$venv/bin:$PATH"
export OS_KEYSTONE_CONFIG_DIR=$state
cd "$state"

prepare() { # name, a program and its arguments: what it says is of use only where it fails
  "${@:2}" > "$state/logs/$1.log" 2>&1 || { echo "$1 failed:" >&2; tail -n 20 "$state/logs/$1.log" >&2; exit 1; }
}
# Each takes seconds to begin, and none waits for another.
prepare databases-glance glance-manage --config-file glance-api.conf db_sync &
glance_db=$!
prepare databases-sahara python "$here/database.py" sahara.conf &
sahara_db=$!
prepare databases-keystone keystone-manage --config-file keystone.conf db_sync
whoami=(--keystone-user "$(id -un)" --keystone-group "$(id -gn)")
prepare keys-fernet keystone-manage --config-file keystone.conf fernet_setup "${whoami[@]}"
prepare keys-credential keystone-manage --config-file keystone.conf credential_setup "${whoami[@]}"
url=http://127.0.0.1:$keystone/v3/
prepare bootstrap keystone-manage --config-file keystone.conf bootstrap --bootstrap-password admin-password \
  --bootstrap-admin-url "$url" --bootstrap-internal-url "$url" --bootstrap-public-url "$url" \
  --bootstrap-region-id RegionOne
wait "$glance_db"
wait "$sahara_db"
python -c 'import sqlite3, sys
for name in sys.argv[1:]: sqlite3.connect(name).execute("pragma journal_mode = wal")' keystone.db glance.db sahara.db

answers() { curl -s -o /dev/null -m 2 "http://127.0.0.1:$1/"; }
start keystone python "$here/serve_keystone.py" "$keystone"
wait_for keystone answers "$keystone"
prepare seed python "$here/seed.py" "$sahara" projects
start cloud python "$here/cloud.py" "$cloud"
wait_for cloud answers "$cloud"
start glance glance-api --config-file glance-api.conf
start sahara sahara-all --config-file sahara.conf
wait_for glance answers "$glance"
prepare seed-images python "$here/seed.py" "$sahara" images
wait_for sahara answers "$sahara"
echo "UP: Sahara at http://127.0.0.1:$sahara, Keystone at http://127.0.0.1:$keystone/v3, state in $state"
wait -n || { echo "one of them ended; see $state/logs" >&2; exit 1; }
