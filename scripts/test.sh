#!/usr/bin/env bash
# Every test, in stages; the first stage that fails ends the run and is named.
#
#   scripts/test.sh all     what `make test` and CI run
#   scripts/test.sh check   formatting, lints and types: no test is run
#   scripts/test.sh rust    the Rust tests with their databases
#   scripts/test.sh ui      the browser side's lints and unit tests
#   scripts/test.sh e2e     the real server driven by a real browser
#
# Installs from Debian's packages what is missing, starts PostgreSQL and Redis on ports and in folders of its own, and
# stops them however it ends.
set -euo pipefail
cd "$(dirname "$0")/.."

target=${CARGO_TARGET_DIR:-target}
docket=$target/debug/docket
services=
current=
stage_started=$SECONDS
times=()

finish() {
  local status=$?
  trap - EXIT INT TERM
  if [ -n "$services" ]; then
    scripts/services.sh stop "$services/run" || true
    rm -rf "$services"
  fi
  echo
  if [ ${#times[@]} -gt 0 ]; then
    printf '%s\n' "${times[@]}"
  fi
  if [ "$status" = 0 ]; then
    echo "All stages passed in $((SECONDS / 60)) min $((SECONDS % 60)) s."
  else
    echo "FAILED in stage: ${current:-start} (after $((SECONDS - stage_started)) s)" >&2
  fi
  exit "$status"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# stage TITLE COMMAND…: a heading, the command, its time.
stage() {
  current=$1
  stage_started=$SECONDS
  shift
  printf '\n=== %s ===\n' "$current"
  "$@"
  times+=("$(printf '%5d s  %s' $((SECONDS - stage_started)) "$current")")
}

need() {
  command -v "$1" >/dev/null || {
    echo "test: $1 is missing; $2" >&2
    exit 2
  }
}

start_services() {
  scripts/prepare.sh postgresql redis-server
  services=$(mktemp -d "${TMPDIR:-/tmp}/docket-test-XXXXXX")
  chmod 755 "$services"
  scripts/services.sh start "$services/run"
  set -a
  # shellcheck disable=SC1091 # written a line above
  . "$services/run/env"
  set +a
}

ui_packages() { scripts/ui.sh install; }
ui_lint() { npm run --silent --prefix admin-ui lint; }
ui_types() { npm run --silent --prefix admin-ui typecheck; }
ui_unit() { npm run --silent --prefix admin-ui test; }
ui_build() { scripts/ui.sh build; }

rust_format() { cargo fmt --all --check; }
rust_lints() { cargo clippy --locked --workspace --all-targets -- -D warnings; }

# Both runners also build the binary `docket` with the same features, so that what the later stages run is what was tested.
rust_tests() {
  if cargo nextest --version >/dev/null 2>&1; then
    cargo nextest run --locked --workspace --no-fail-fast
  else
    cargo test --locked --workspace --lib --bins --tests --no-fail-fast
  fi
}
rust_doc_tests() { cargo test --locked --workspace --doc; }

# The document that the server serves and the copy that the client is generated from are one.
api_is_current() {
  local fresh
  fresh=$(mktemp -d)
  "$docket" openapi >"$fresh/openapi.json"
  diff -u admin-ui/openapi.json "$fresh/openapi.json" >"$fresh/difference" || {
    head -n 40 "$fresh/difference"
    rm -rf "$fresh"
    echo "admin-ui/openapi.json is not what the server serves; \`make api\` writes it anew" >&2
    return 1
  }
  rm -rf "$fresh"
}

configuration() {
  "$docket" check .
  "$docket" test --min-coverage 100 .
}

browser() {
  scripts/prepare.sh chromium fonts-noto-cjk
  DOCKET_BIN=$(realpath "$docket") npm run --silent --prefix admin-ui e2e
}

build_binary() { cargo build --locked --package docket --bin docket; }

need cargo "Docket is built with Rust 1.95 or newer"
need npm "the browser side is built with Node.js 20 or newer"
if [ -n "${CI:-}" ]; then
  export CARGO_INCREMENTAL=0 # a checkout that is built once
fi

check_stages() {
  stage "Rust: formatting" rust_format
  stage "Browser side: packages" ui_packages
  stage "Browser side: lints and formatting" ui_lint
  stage "Browser side: types" ui_types
}

case ${1:-all} in
  all)
    check_stages
    stage "Browser side: unit tests" ui_unit
    stage "Browser side: build" ui_build
    stage "Databases" start_services
    stage "Rust: lints" rust_lints
    stage "Rust: tests, on SQLite and PostgreSQL" rust_tests
    stage "Rust: documentation examples" rust_doc_tests
    stage "OpenAPI document" api_is_current
    stage "Shipped configuration: checks and scenarios" configuration
    stage "Browser tests" browser
    ;;
  check)
    check_stages
    stage "Browser side: build" ui_build
    stage "Rust: lints" rust_lints
    ;;
  rust)
    stage "Browser side: build" ui_build
    stage "Databases" start_services
    stage "Rust: tests, on SQLite and PostgreSQL" rust_tests
    stage "Shipped configuration: checks and scenarios" configuration
    ;;
  ui)
    stage "Browser side: packages" ui_packages
    stage "Browser side: lints and formatting" ui_lint
    stage "Browser side: types" ui_types
    stage "Browser side: unit tests" ui_unit
    ;;
  e2e)
    stage "Browser side: build" ui_build
    [ -n "${DOCKET_BIN:-}" ] || stage "Rust: the binary" build_binary
    stage "Browser tests" browser
    ;;
  *)
    echo "usage: scripts/test.sh all|check|rust|ui|e2e" >&2
    exit 2
    ;;
esac
