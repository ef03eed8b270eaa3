# make run      build everything and start the demo at http://127.0.0.1:8080 (data in ./data)
# make test     every test, with databases and a browser of its own
# make build    target/release/docket: one file with the browser side and the shipped configuration inside

LISTEN ?= 127.0.0.1:8080
DATA ?= data
RELEASE := $(or $(CARGO_TARGET_DIR),target)/release/docket

.PHONY: help run build ui test check test-rust test-ui test-e2e dev-db dev-db-stop fmt api

help:
	@sed -n 's/^# \(make .*\)/\1/p' $(MAKEFILE_LIST)
	@echo 'make check | test-rust | test-ui | test-e2e   parts of make test'
	@echo 'make fmt | api                                 formats; writes the OpenAPI document and its client anew'
	@echo 'make dev-db | dev-db-stop                     a PostgreSQL and a Redis for tests by hand'

run: build
	@exec $(RELEASE) serve --demo --data $(DATA) --listen $(LISTEN)

build: ui
	@command -v cargo >/dev/null || { echo 'make: Rust (cargo) is missing' >&2; exit 2; }
	@[ -x $(RELEASE) ] || echo 'Building the server: about 500 crates, 7 to 12 minutes the first time on two cores …'
	@cargo build --release --locked --package docket --bin docket

ui:
	@scripts/ui.sh build

test:
	@scripts/test.sh all

check:
	@scripts/test.sh check

test-rust:
	@scripts/test.sh rust

test-ui:
	@scripts/test.sh ui

test-e2e:
	@scripts/test.sh e2e

dev-db:
	@scripts/prepare.sh postgresql redis-server
	@scripts/services.sh start

dev-db-stop:
	@scripts/services.sh stop

fmt:
	@cargo fmt --all
	@scripts/ui.sh install
	@cd admin-ui && npm run --silent format

# The OpenAPI document of the server as it is now, and the browser's client from it.
api:
	@scripts/ui.sh install
	@cargo run --quiet --locked --package docket -- openapi > admin-ui/openapi.json.new
	@mv admin-ui/openapi.json.new admin-ui/openapi.json
	@scripts/ui.sh install
