#!/usr/bin/env bash
# A PostgreSQL and a Redis for the tests: on free ports of their own, in a folder of their own, nothing kept.
#
#   scripts/services.sh start [DIR]   starts both (does nothing when they run) and prints their environment
#   scripts/services.sh env [DIR]     prints that environment again
#   scripts/services.sh stop [DIR]    stops both and removes the folder
#
# DIR defaults to one folder per user and checkout under the temporary folder. It may not lie inside a folder that is
# closed to others: PostgreSQL refuses to run as root, so there it runs as the user `postgres` (or `nobody`).
set -euo pipefail

root=$(cd "$(dirname "$0")/.." && pwd)
default_dir="${TMPDIR:-/tmp}/docket-services-$(id -u)-$(printf %s "$root" | cksum | cut -d' ' -f1)"
action=${1:-}
dir=${2:-$default_dir}

fail() {
  echo "services: $*" >&2
  exit 2
}

# The newest PostgreSQL that Debian installed, else whatever is on the PATH.
postgres_bin() {
  local newest
  newest=$(find /usr/lib/postgresql -mindepth 3 -maxdepth 3 -path '*/bin/initdb' 2>/dev/null | sort -V | tail -n 1)
  [ -n "$newest" ] || newest=$(command -v initdb || true)
  [ -n "$newest" ] || fail "PostgreSQL is not installed; scripts/prepare.sh postgresql installs it"
  dirname "$newest"
}

# Runs a command as the user that owns the database's files.
as_owner() {
  if [ "$(id -u)" != 0 ]; then
    "$@"
  elif id postgres >/dev/null 2>&1; then
    (cd / && exec runuser -u postgres -- "$@")
  else
    (cd / && exec runuser -u nobody -- "$@")
  fi
}

# A port below the range from which the system hands out ports itself, that nobody listens on.
free_port() {
  local port
  for _ in $(seq 100); do
    port=$((20000 + RANDOM % 12000))
    if ! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
      echo "$port"
      return
    fi
  done
  fail "found no free port between 20000 and 32000"
}

start_postgres() {
  local bin port
  bin=$(postgres_bin)
  mkdir "$dir/postgres"
  if [ "$(id -u)" = 0 ]; then
    chown "$(id postgres >/dev/null 2>&1 && echo postgres || echo nobody)" "$dir/postgres"
  fi
  as_owner "$bin/initdb" --pgdata "$dir/postgres/data" --username docket --auth trust --encoding UTF8 \
    --locale C.UTF-8 --no-sync >"$dir/initdb.log" 2>&1 || { cat "$dir/initdb.log" >&2; fail "initdb failed"; }
  # Another process may take the port between the look and the start: a second and third try with another one.
  for _ in 1 2 3; do
    port=$(free_port)
    # Durability is off: these data do not outlive the tests, and no test crashes the database itself.
    if as_owner "$bin/pg_ctl" --pgdata "$dir/postgres/data" --log "$dir/postgres/log" --wait --timeout 60 --silent --options \
      "-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c max_connections=400 -c fsync=off -c synchronous_commit=off -c full_page_writes=off" \
      start >"$dir/pg_ctl.log" 2>&1; then
      echo "export DOCKET_TEST_POSTGRES=postgres://docket@127.0.0.1:$port/postgres" >>"$dir/env.new"
      return
    fi
  done
  cat "$dir/pg_ctl.log" "$dir/postgres/log" >&2
  fail "PostgreSQL does not start"
}

start_redis() {
  local port
  command -v redis-server >/dev/null || fail "Redis is not installed; scripts/prepare.sh redis-server installs it"
  for _ in 1 2 3; do
    port=$(free_port)
    redis-server --bind 127.0.0.1 --port "$port" --save '' --appendonly no --daemonize yes --dir "$dir" \
      --pidfile "$dir/redis.pid" --logfile "$dir/redis.log" >/dev/null
    for _ in $(seq 100); do
      if (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null && [ -s "$dir/redis.pid" ]; then
        echo "export DOCKET_TEST_REDIS=redis://127.0.0.1:$port" >>"$dir/env.new"
        return
      fi
      sleep 0.05
    done
  done
  cat "$dir/redis.log" >&2
  fail "Redis does not start"
}

# Whether the servers that the environment file names still answer.
running() {
  [ -f "$dir/env" ] && [ -O "$dir" ] || return 1
  local port
  while read -r port; do
    (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || return 1
  done < <(sed -nE 's/.*127\.0\.0\.1:([0-9]+).*/\1/p' "$dir/env")
}

stop() {
  [ -d "$dir" ] || return 0
  [ -O "$dir" ] || fail "$dir belongs to another user"
  if [ -f "$dir/postgres/data/postmaster.pid" ]; then
    as_owner "$(postgres_bin)/pg_ctl" --pgdata "$dir/postgres/data" --mode immediate --wait --silent stop >/dev/null 2>&1 || true
  fi
  if [ -s "$dir/redis.pid" ]; then
    kill "$(cat "$dir/redis.pid")" 2>/dev/null || true
  fi
  rm -rf "$dir"
}

case $action in
  start)
    if ! running; then
      stop
      mkdir -p "$dir"
      [ -O "$dir" ] || fail "$dir belongs to another user"
      chmod 755 "$dir"
      rm -f "$dir/env.new"
      trap 'stop' ERR
      start_postgres
      start_redis
      mv "$dir/env.new" "$dir/env"
    fi
    cat "$dir/env"
    ;;
  env)
    running || fail "not running; scripts/services.sh start starts them"
    cat "$dir/env"
    ;;
  stop) stop ;;
  *) fail "usage: scripts/services.sh start|env|stop [DIR]" ;;
esac
