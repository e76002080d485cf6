# `make measure` builds srprof and measures a profile; `make test` builds and runs every test. Both
# install the Debian packages that are missing.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
PREFIX ?= /usr/local
PROFILE ?= quick
DEVICE ?= 0
TABLE = srprof-$(notdir $(basename $(PROFILE)))

# What the Swift toolchain itself needs, what srprof is built with, and a Vulkan driver that runs
# anywhere.
BUILD_PACKAGES := git g++ binutils-gold libcurl4 libedit2 libncurses6 libxml2 zlib1g-dev tzdata \
	libvulkan-dev glslang-dev spirv-tools libsqlite3-dev mesa-vulkan-drivers libxnnpack0 libpng-dev \
	libc6-dev libc6-dev-arm64-cross
# To test: the validation layer, a second driver (SwiftShader, inside chromium-common), a JSON Schema
# validator that is not ours, servers of ssh and adb, another processor, and a cluster of one machine.
TEST_PACKAGES := vulkan-validationlayers chromium chromium-common gnuplot-nox python3 python3-jsonschema \
	python3-yaml python3-numpy python3-pil python3-venv openssh-client openssh-server adb iproute2 \
	qemu-user-static slurmctld slurmd slurm-client munge

# The program carries the Swift runtime, so that it can be copied elsewhere; tests cannot.
CHECK := --explicit-target-dependency-import-check error
FLAGS := -c release --static-swift-stdlib $(CHECK)
TEST_FLAGS := -c release --scratch-path .build/tests $(CHECK)
SRPROF := .build/release/srprof

# Workers are carried inside the program.
WORKERS := $(patsubst %,.build/workers/srprof-worker-%,x86_64 aarch64)
WORKER_SOURCES := $(wildcard Sources/DeviceProtocol/*.swift Sources/Vulkan/*.swift \
	Sources/srprof-worker/*.swift Sources/CSystem/* Sources/CVulkan/*)

.PHONY: measure test fuzz workers worker-android build build-deps test-deps deps bench lint format install clean

# The device, the processor beside it, and how they compare.
measure: build
	$(SRPROF) measure --device $(DEVICE) --profile $(PROFILE) --output $(TABLE).json \
	  || [ $$? -eq 1 ] # Some rows failed, such as those that were too noisy: the table has the others.
	$(SRPROF) measure --device cpu --ignore-sparsity --profile $(PROFILE) --output $(TABLE)-cpu.json \
	  --quiet || [ $$? -eq 1 ] # A row that this version of XNNPACK lacks is a failed one.
	$(SRPROF) compare --format summary $(TABLE).json $(TABLE)-cpu.json

test: build-deps test-deps workers
	swift test $(TEST_FLAGS)

build: build-deps workers
	swift build $(FLAGS) --product srprof

workers: build-deps $(WORKERS)

# Android's, for which NDK names the folder of its NDK: make worker-android NDK=/path/to/android-ndk
worker-android: build-deps .build/workers/srprof-worker-aarch64-android

.build/workers/srprof-worker-%: .ci/worker $(WORKER_SOURCES)
	.ci/worker $* $@

deps: build-deps test-deps

build-deps:
	@.ci/packages $(BUILD_PACKAGES)

test-deps:
	@.ci/packages $(TEST_PACKAGES)
	@$(MAKE) --no-print-directory .build/python/installed

# ONNX and ONNX Runtime, which Debian lacks: networks are compared with it.
.build/python/installed: Tests/requirements.txt
	python3 -m venv --clear .build/python
	.build/python/bin/pip install --quiet --disable-pip-version-check --requirement $<
	touch $@

# Wrong files of every kind, for so many seconds; those that crash or hang a reader lie in .build/fuzz then.
SECONDS := 60
SEED ?= 1

fuzz: build-deps workers
	swift build $(FLAGS) --product fuzz
	.build/release/fuzz --seconds $(SECONDS) --seed $(SEED)

# MOBILE_COMPILERS names a folder of Mesa's drivers for phones, as Tests/bench-compilers says.
bench: build
	swift build $(FLAGS) --product search-bench
	.build/release/search-bench
	Tests/bench $(SRPROF)
	Tests/bench-networks $(SRPROF)
	Tests/bench-worker $(SRPROF)
	$(if $(MOBILE_COMPILERS),Tests/bench-compilers $(SRPROF) $(MOBILE_COMPILERS))

lint:
	swift format lint --strict --recursive Sources Tests Package.swift

format:
	swift format --in-place --recursive Sources Tests Package.swift

install: build
	install -s -D $(SRPROF) $(DESTDIR)$(PREFIX)/bin/srprof
	for shell in bash zsh fish; do \
	  case $$shell in \
	    bash) file=bash-completion/completions/srprof ;; \
	    zsh) file=zsh/site-functions/_srprof ;; \
	    fish) file=fish/vendor_completions.d/srprof.fish ;; \
	  esac; \
	  mkdir -p $$(dirname $(DESTDIR)$(PREFIX)/share/$$file); \
	  $(SRPROF) --generate-completion-script $$shell > $(DESTDIR)$(PREFIX)/share/$$file; \
	done

clean:
	rm -rf .build
