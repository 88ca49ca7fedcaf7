# hallpass: `make demo` to see it, `make test` to check it, `make help` for the rest.
SHELL := /bin/bash
.DEFAULT_GOAL := help

DEMO_DIR ?= var/demo
DEMO_PORT ?= 8443
SWIFT_BUILD_FLAGS ?=
SOAK_FUZZ_SECONDS ?= 1800
FUZZ_SECONDS ?= 20
FUZZ_ENTRIES ?=
# Debug and release live side by side: one folder each inside .build is SwiftPM's own way.
RELEASE := .build/release
VENV := .build/venv

BUILD_PACKAGES := libssl-dev libldap2-dev libsqlite3-dev
DEMO_PACKAGES := $(BUILD_PACKAGES) slapd nginx-light
TEST_PACKAGES := $(DEMO_PACKAGES) ldap-utils openssl curl python3 python3-venv chromium libnss3-tools fonts-noto-cjk
BENCH_PACKAGES := $(TEST_PACKAGES) golang-go

.PHONY: help build demo demo-clean test unit-tests end-to-end-tests bench bench-pki soak fuzz asan format lint

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 22

build: ## the release build: .build/release/hallpass
	@scripts/install-packages $(BUILD_PACKAGES)
	swift build -c release --product hallpass $(SWIFT_BUILD_FLAGS)

demo: ## a whole service hall on this machine: https://localhost:8443 (DEMO_DIR, DEMO_PORT)
	@scripts/install-packages $(DEMO_PACKAGES)
	swift build -c release --product hallpass $(SWIFT_BUILD_FLAGS)
	swift build -c release --product DemoWindow $(SWIFT_BUILD_FLAGS)
	@exec $(RELEASE)/hallpass demo up --dir "$(DEMO_DIR)" --port "$(DEMO_PORT)"

demo-clean: ## removes the demo's folder
	@scripts/remove-demo "$(DEMO_DIR)"

test: lint unit-tests end-to-end-tests ## every test; CI runs this

unit-tests: $(VENV)/.made
	@scripts/install-packages $(TEST_PACKAGES)
	swift build --build-tests $(SWIFT_BUILD_FLAGS)
	swift test --skip-build --parallel $(SWIFT_BUILD_FLAGS)

end-to-end-tests: $(VENV)/.made unit-tests
	$(VENV)/bin/python -m pytest -q Tests/Scenarios
	$(VENV)/bin/python -m pytest -q Tests/EndToEnd

$(VENV)/.made: Tests/requirements.txt
	@scripts/install-packages $(TEST_PACKAGES)
	python3 -m venv $(VENV)
	$(VENV)/bin/pip install -q --disable-pip-version-check -r Tests/requirements.txt
	@touch $@

bench: $(VENV)/.made ## figures beside a limit or a peer of the same run (BENCH_JSON=file)
	@scripts/install-packages $(BENCH_PACKAGES)
	swift build -c release $(SWIFT_BUILD_FLAGS)
	$(VENV)/bin/python scripts/bench $(if $(BENCH_JSON),--json "$(BENCH_JSON)")

bench-pki: $(VENV)/.made ## of these the figures of path building and revocation alone
	@scripts/install-packages $(BENCH_PACKAGES)
	swift build -c release --product HallpassBench $(SWIFT_BUILD_FLAGS)
	$(VENV)/bin/python scripts/bench --pki $(if $(BENCH_JSON),--json "$(BENCH_JSON)")

soak: $(VENV)/.made ## the long runs: fuzzers (SOAK_FUZZ_SECONDS each), mutated certificates, memory over a million verifications and many logins
	@scripts/install-packages $(TEST_PACKAGES)
	scripts/fuzz run $(SOAK_FUZZ_SECONDS)
	swift build -c release --product HallpassBench $(SWIFT_BUILD_FLAGS)
	swift build $(SWIFT_BUILD_FLAGS)
	HALLPASS_MESHES=6000 HALLPASS_DIFFERENTIAL=4000 HALLPASS_TRUST_LISTS=300 $(VENV)/bin/python -m pytest -q Tests/Scenarios
	$(VENV)/bin/python -m pytest -q Tests/Soak

fuzz: ## a short run of the fuzzers (FUZZ_SECONDS each; FUZZ_ENTRIES: only these)
	@scripts/install-packages $(TEST_PACKAGES)
	scripts/fuzz run $(FUZZ_SECONDS) $(FUZZ_ENTRIES)

asan: $(VENV)/.made ## the PKI tests under AddressSanitizer
	@scripts/install-packages $(TEST_PACKAGES)
	@# What XCTest itself keeps until the end is reported as a leak otherwise.
	HALLPASS_ONLY_PKI=1 ASAN_OPTIONS=detect_leaks=0 swift test --sanitize address --scratch-path .build-asan -Xswiftc -use-ld=lld

format: ## rewrites the sources in the committed style
	swift format --in-place --recursive --parallel Package.swift Sources Tests

lint: ## style and import directions
	swift format lint --strict --recursive --parallel Package.swift Sources Tests
	scripts/check-imports
