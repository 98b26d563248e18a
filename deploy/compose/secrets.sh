#!/usr/bin/env bash
# Makes what docker compose needs and nobody should commit: .env at the root, and the keys beside this script (or in $INTRADA_SECRETS).
# What is there already stays; take a file away to have it made anew.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
env_file="${INTRADA_ENV_FILE:-.env}"
secrets="${INTRADA_SECRETS:-deploy/compose/secrets}"
random() { od -An -N32 -tx1 /dev/urandom | tr -d ' \n'; }

umask 077
mkdir -p "$secrets"
if [[ ! -f "$env_file" ]]; then
  key="intrada_$(random)"
  {
    echo "# Made by deploy/compose/secrets.sh. Keep it to yourself."
    echo "INTRADA_STORE_USER=intrada"
    echo "INTRADA_STORE_PASSWORD=$(random)"
    echo "# Role operate, for the gateway and the segmenter: the client reads it from the environment."
    echo "INTRADA_API_KEY=$key"
  } > "$env_file"
  # At rest only the key's digest is kept.
  printf '{"id":"compose","role":"operate","sha256":"%s","note":"made by secrets.sh"}\n' \
    "$(printf %s "$key" | sha256sum | cut -d' ' -f1)" > "$secrets/api-keys.jsonl"
  echo "secrets: $env_file and $secrets/api-keys.jsonl are new" >&2
fi
[[ -f "$secrets/api-keys.jsonl" ]] || { echo "secrets: $secrets/api-keys.jsonl is gone, and only $env_file knows its key; delete $env_file too and run this again" >&2; exit 1; }
if [[ ! -f "$secrets/service-key" ]]; then
  random > "$secrets/service-key"
  echo "secrets: $secrets/service-key is new" >&2
fi
# The programs in the containers run as another user; the folder keeps other users of this machine out.
chmod 0444 "$secrets/service-key" "$secrets/api-keys.jsonl"

# Where only the tag of the store's image is at hand, as a stand-in or a mirror's copy, its digest would be looked for in the registry.
store_image="$(sed -n 's/.*{INTRADA_STORE_IMAGE:-\([^}]*\)}.*/\1/p' docker-compose.yml)"
if [[ -z "${INTRADA_STORE_IMAGE:-}" ]] && ! grep -q '^INTRADA_STORE_IMAGE=' "$env_file" \
  && docker image inspect "${store_image%@*}" > /dev/null 2>&1 && ! docker image inspect "$store_image" > /dev/null 2>&1; then
  echo "INTRADA_STORE_IMAGE=${store_image%@*}" >> "$env_file"
  echo "secrets: this machine has ${store_image%@*} with other bytes than the pinned ones; $env_file names it by its tag" >&2
fi
