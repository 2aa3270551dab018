# make series   regenerate the nine patches on the embedded kernel and verify them
#               (SERIES=name for another series, OPTIONS='name …' for options of it)
# make bases    the same on every kernel the series is for; prints a table
# make prove    build and boot the nine patches' kernels, and count page table walks
# make test     the tests, those on the real kernel included
# make faults   the tests left out there: faults that only running shows, a kernel for each
# make kernel   the embedded kernel; its repository's path is the last line
# make bench    time verification against git rebase -x make, and against its bounds
# make build    the command alone, as .build/release/seriesmith

SERIES := iova_to_phys_length
OPTIONS :=
OUTPUT := output/$(SERIES)
SERIESMITH := .build/release/seriesmith

.PHONY: series bases prove test faults bench build kernel dependencies format lint clean
.DEFAULT_GOAL := help

help:
	@sed -n 's/^# //p' $(firstword $(MAKEFILE_LIST))

series: build
	@$(SERIESMITH) kernel >/dev/null
	@$(SERIESMITH) generate $(SERIES) $(addprefix --option ,$(OPTIONS)) --output $(OUTPUT)
	@$(SERIESMITH) verify $(OUTPUT)

test: dependencies
	@scripts/run-tests

faults: dependencies
	@scripts/run-tests --filter RunningFaults

build: dependencies
	@echo "Building seriesmith (about three minutes the first time)" >&2
	@swift build -c release --product seriesmith

kernel: build
	@$(SERIESMITH) kernel

bases: build
	@$(SERIESMITH) bases $(SERIES) $(addprefix --option ,$(OPTIONS)) --output output/bases

prove: build
	@$(SERIESMITH) prove $(if $(wildcard $(OUTPUT)),$(OUTPUT),patches/$(SERIES))

bench: build
	@swift build -c release --package-path Benchmarks
	@Benchmarks/.build/release/bench

dependencies:
	@scripts/install-dependencies

format:
	swift format --in-place --recursive Package.swift Sources Tests Benchmarks/Package.swift Benchmarks/Sources

lint:
	swift format lint --strict --recursive Package.swift Sources Tests Benchmarks/Package.swift Benchmarks/Sources

clean:
	rm -rf .build output
