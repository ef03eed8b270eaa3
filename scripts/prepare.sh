#!/usr/bin/env bash
# Installs from Debian's packages what is missing of the things named: postgresql redis-server chromium fonts-noto-cjk.
# Does nothing, and asks for no rights, when all of it is there.
set -euo pipefail

installed() {
  dpkg-query -W -f '${Status}' "$1" 2>/dev/null | grep -q 'ok installed'
}

have() {
  case $1 in
    postgresql) compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || command -v initdb >/dev/null ;;
    redis-server) command -v redis-server >/dev/null ;;
    chromium) [ -n "${CHROMIUM:-}" ] || command -v chromium >/dev/null ;;
    fonts-noto-cjk) installed "$1" || [ -n "$(fc-list :lang=zh 2>/dev/null | head -n 1)" ] ;;
    *) installed "$1" ;;
  esac
}

missing=()
for package in "$@"; do
  have "$package" || missing+=("$package")
done
[ ${#missing[@]} -gt 0 ] || exit 0

as_root=()
if [ "$(id -u)" != 0 ]; then
  command -v sudo >/dev/null || {
    echo "prepare: these Debian packages are missing, and only root may install them: ${missing[*]}" >&2
    exit 2
  }
  as_root=(sudo)
fi
command -v apt-get >/dev/null || {
  echo "prepare: please install these (named as Debian names them) and try again: ${missing[*]}" >&2
  exit 2
}

install() {
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${missing[@]}" </dev/null
}

echo "Installing from Debian's packages: ${missing[*]}"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
# A machine whose package lists were never fetched, or are old, fails at once: fetch them, then once more.
if ! install >"$log" 2>&1; then
  "${as_root[@]}" apt-get update -q >"$log" 2>&1 || { cat "$log" >&2; exit 2; }
  install >"$log" 2>&1 || { cat "$log" >&2; exit 2; }
fi
