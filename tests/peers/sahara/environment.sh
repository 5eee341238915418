#!/usr/bin/env bash
# environment.sh: makes the Python environment of Sahara 19, Keystone 24 and Glance 27 in VENV (below the cache unless
# told), once, and prints that folder. Needs Python 3.11. A slow line takes minutes for it.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
venv=${VENV:-${HOWDAH_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/howdah}/peers/sahara-19}
# What was installed: another list of packages, or another driver, is installed anew.
wanted=$(cat "$here/requirements.txt" "$here"/remote/*.py | cksum)
if [ "$(cat "$venv/.complete" 2> /dev/null)" != "$wanted" ]; then
  python=$(command -v python3.11 || command -v python3)
  "$python" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' || {
    echo "Python 3.11 is missing: Sahara 19 runs on no newer one" >&2
    exit 1
  }
  echo "getting Sahara 19, Keystone and Glance (about 60 MB, once)" >&2
  rm -rf "$venv"
  mkdir -p "$venv"
  "$python" -m venv "$venv"
  pip=("$venv/bin/pip" --quiet --no-input --disable-pip-version-check)
  "${pip[@]}" install 'setuptools<81' wheel >&2
  # The list is whole: what it leaves out is not needed.
  "${pip[@]}" install --no-deps --requirement "$here/requirements.txt" >&2
  build=$(mktemp -d)
  cp "$here"/remote/*.py "$build"
  "${pip[@]}" install --no-build-isolation --no-deps "$build" >&2
  rm -rf "$build"
  echo "$wanted" > "$venv/.complete"
fi
echo "$venv"
