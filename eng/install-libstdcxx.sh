#!/usr/bin/env bash
# Debian 12 only, as root: installs libstdc++6 of Debian 13 (with what it depends on) and nothing else from there.
# Debian 13 stays at priority 100, below every installed and every Debian 12 package, so upgrades go on as before.
set -euo pipefail

SOURCES=/etc/apt/sources.list.d/intrada-trixie.sources
PREFERENCES=/etc/apt/preferences.d/intrada-trixie
KEYRING=/usr/share/keyrings/debian-archive-keyring.gpg

fail() {
  echo "intrada: $*" >&2
  exit 1
}

[[ "$(id -u)" == 0 ]] || fail "run this as root: sudo bash $0"
[[ -f "$KEYRING" ]] || fail "$KEYRING is not there; install it with: apt-get install debian-archive-keyring"

# The mirror that this machine uses already: it may be the only one that it can reach.
mirror="$(cat /etc/apt/sources.list /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources 2> /dev/null \
  | grep -E '^(deb |URIs:)' | grep -oE 'https?://[^ ]+/debian/?( |$)' | head -n 1 | tr -d ' ' || true)"

log="$(mktemp)"
trap 'rm -f "$log"' EXIT

# A half-done change would break every later apt-get update.
undo() {
  rm -f "$SOURCES" "$PREFERENCES"
  tail -n 5 "$log" >&2
  fail "Debian 13's libstdc++6 could not be installed (see above); nothing was changed"
}

cat > "$SOURCES" << S
Types: deb
URIs: ${mirror:-http://deb.debian.org/debian}
Suites: trixie
Components: main
Signed-By: $KEYRING
S
printf 'Package: *\nPin: release n=trixie\nPin-Priority: 100\n' > "$PREFERENCES"
apt-get update -qq > "$log" 2>&1 || undo
DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends -t trixie libstdc++6 >> "$log" 2>&1 || undo
echo "intrada: libstdc++6 of Debian 13 is installed" >&2
