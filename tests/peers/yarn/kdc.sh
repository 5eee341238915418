#!/usr/bin/env bash
# kdc.sh PORT: a Kerberos KDC on loopback for the realm HOWDAH.TEST, until it is ended. Needs krb5-kdc and
# krb5-admin-server (Debian). Prints one line that begins with "UP" when it can be used: STATE then holds krb5.conf for
# clients (KRB5_CONFIG), the keytabs HTTP.keytab (of HTTP/localhost), howdah.keytab and alice.keytab, and issued.log with a
# line for each ticket.
#
# Environment: STATE, an empty folder for everything that it writes; LIFE, how long a ticket lasts (10h).
set -euo pipefail
port=${1:?usage: kdc.sh PORT}
mkdir -p "${STATE:?a folder to write to}"
state=$(cd "$STATE" && pwd)
PATH=$PATH:/usr/sbin

cat > "$state/krb5.conf" << END
[libdefaults]
  default_realm = HOWDAH.TEST
  dns_lookup_kdc = false
  dns_lookup_realm = false
  dns_canonicalize_hostname = false
  rdns = false
  udp_preference_limit = 1
[realms]
  HOWDAH.TEST = {
    kdc = 127.0.0.1:$port
  }
[domain_realm]
  localhost = HOWDAH.TEST
END
cat > "$state/kdc.conf" << END
[kdcdefaults]
  kdc_listen = ""
  kdc_tcp_listen = 127.0.0.1:$port
[realms]
  HOWDAH.TEST = {
    database_name = $state/principal
    key_stash_file = $state/stash
    acl_file = $state/kadm5.acl
    max_life = ${LIFE:-10h}
    max_renewable_life = 7d
  }
[logging]
  kdc = FILE:$state/issued.log
END
export KRB5_CONFIG=$state/krb5.conf KRB5_KDC_PROFILE=$state/kdc.conf

kdb5_util create -s -r HOWDAH.TEST -P "$(head -c 16 /dev/urandom | base64)"
for principal in HTTP/localhost howdah alice; do
  kadmin.local -q "addprinc -randkey $principal"
  kadmin.local -q "ktadd -k $state/${principal%%/*}.keytab $principal"
done
krb5kdc -n &
kdc=$!
trap 'kill "$kdc" 2> /dev/null' EXIT
trap exit TERM INT HUP
for _ in $(seq 40); do
  (: < "/dev/tcp/127.0.0.1/$port") 2> /dev/null && break
  sleep 0.25
done
echo "UP: KDC of HOWDAH.TEST at 127.0.0.1:$port"
wait "$kdc"
