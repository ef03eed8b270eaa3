#!/usr/bin/env bash
# Builds the browser side into admin-ui/dist, and only when something changed.
#
#   scripts/ui.sh install   the packages of package-lock.json, and the client that they generate from openapi.json
#   scripts/ui.sh build     install, then the built pages
#
# What was done last is remembered as a digest of what it was done from, beside the result: file times say nothing
# after a fresh checkout or a change of branch.
set -euo pipefail
cd "$(dirname "$0")/../admin-ui"

installed_from=node_modules/.docket-installed
generated_from=node_modules/.docket-generated
built_from=node_modules/.docket-built

# The digest of the files that `find` finds with these arguments.
digest() {
  find "$@" -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum | cut -d' ' -f1
}

install() {
  packages
  client
}

client() {
  local now
  now=$(digest package-lock.json openapi.json)
  if [ "$(cat $generated_from 2>/dev/null)" = "$now" ] && [ -f src/api/schema.d.ts ]; then
    return
  fi
  npm run --silent generate
  echo "$now" >$generated_from
}

packages() {
  local now
  now=$(digest package.json package-lock.json)
  if [ "$(cat $installed_from 2>/dev/null)" = "$now" ]; then
    return
  fi
  command -v npm >/dev/null || { echo "ui: Node.js (20 or newer) with npm is missing" >&2; exit 2; }
  if [ "$(node -p 'process.versions.node.split(".")[0]')" -lt 20 ]; then
    echo "ui: Node.js $(node --version) is too old; the browser side needs 20 or newer" >&2
    exit 2
  fi
  echo "Installing the packages of the browser side (npm ci, under a minute) …"
  npm ci --no-audit --no-fund --loglevel=error
  echo "$now" >$installed_from
}

build() {
  install
  local now
  now=$(digest . \( -path ./node_modules -o -path ./dist -o -path ./e2e \) -prune -o)
  if [ "$(cat $built_from 2>/dev/null)" = "$now" ] && [ -f dist/index.html ]; then
    return
  fi
  echo "Building the browser side …"
  npm run --silent build
  echo "$now" >$built_from
}

case ${1:-} in
  install) install ;;
  build) build ;;
  *)
    echo "usage: scripts/ui.sh install|build" >&2
    exit 2
    ;;
esac
