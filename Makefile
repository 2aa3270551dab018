# make series       regenerate the nine patches on the embedded kernel and verify them
#                   (SERIES=name: another series; OPTIONS='name …': options of the series)
# make bases        do the same on every kernel the series is for, and print a table
# make prove        boot a kernel after each of the nine patches, and count page table walks
# make pictures     draw the README's pictures from the reports of verify and prove on the nine patches
# make test         run the tests, those on the real kernel included; of what is long, a sample
# make thorough     run all tests, and try all of what make test samples (hours)
# make headers      compare what verify leaves out after random edits of headers with all that include them (hours)
# make judge        compare verify with the kernel's own make on random mistakes in the nine patches (hours)
# make faults       run the tests of faults that only a running kernel shows; each builds a kernel
# make kernel       import the embedded kernel; the last line is the path of its repository
# make bench        time the command against spatch, git am, git grep and git rebase -x make; bound its memory
# make fuzz         give each reader of foreign input RUNS (1000000) fuzzed inputs
# make sanitize     run the tests that need no kernel under the address sanitizer, then the thread sanitizer
# make build        build the command, .build/release/seriesmith
# make man          write its man page to output/man
# make completions  write its shell completions to output/completions
# make install      install all of these and the templates below PREFIX (/usr/local), staged in DESTDIR if set
# make deb          write a Debian package for the release this is run on to output/
# make packages     build the packages of two Debian releases, and try each in a clean container
# make format       format the Swift sources
# make lint         check their format
# make clean        remove what was built

SERIES := iova_to_phys_length
OPTIONS :=
OUTPUT := output/$(SERIES)
RUNS := 1000000
# Debian's linkers differ: the one of Debian 13 makes no read-only relocations of Swift's objects. Swift's own does.
FLAGS := -c release --static-swift-stdlib -Xswiftc -use-ld=lld -Xlinker -znow
SERIESMITH := .build/release/seriesmith
PREFIX := /usr/local
SHARE = $(DESTDIR)$(PREFIX)/share
# Where zsh looks for completions below share/zsh: Debian's zsh looks elsewhere.
ZSH_FUNCTIONS := site-functions
# What the packages to install are for, as in packages.list; if empty, everything.
TASKS :=
MANUAL := output/man/seriesmith.1
COMPLETIONS := output/completions

.PHONY: series bases prove pictures test thorough headers judge faults bench fuzz sanitize build kernel man completions install deb packages dependencies format lint clean
.DEFAULT_GOAL := help

help:
	@sed -n 's/^# //p' $(firstword $(MAKEFILE_LIST))

series: build
	@$(SERIESMITH) kernel >/dev/null
	@$(SERIESMITH) generate $(SERIES) $(addprefix --option ,$(OPTIONS)) --output $(OUTPUT)
	@$(SERIESMITH) verify --exact $(OUTPUT)

test: dependencies
	@scripts/run-tests

thorough: dependencies
	@SERIESMITH_TESTS=all scripts/run-tests

headers: dependencies
	@scripts/run-tests --filter OnTheEmbeddedKernel/HeaderEdits

judge: dependencies
	@scripts/run-tests --filter OnTheEmbeddedKernel/RealMake

faults: dependencies
	@scripts/run-tests --filter RunningFaults

build: dependencies
	@echo "Building seriesmith (about five minutes the first time)" >&2
	@swift build $(FLAGS) --product seriesmith

kernel: build
	@$(SERIESMITH) kernel

bases: build
	@$(SERIESMITH) bases $(SERIES) $(addprefix --option ,$(OPTIONS)) --output output/bases

prove: build
	@$(SERIESMITH) prove $(if $(wildcard $(OUTPUT)),$(OUTPUT),patches/$(SERIES))

pictures: build
	@scripts/pictures $(SERIESMITH)

bench: build
	@swift build -c release --package-path Benchmarks
	@Benchmarks/.build/release/bench

fuzz: dependencies
	@swift build -c release --sanitize=fuzzer --package-path Fuzz
	@scripts/fuzz $(RUNS)

sanitize: dependencies
	@scripts/sanitize address
	@scripts/sanitize thread

man: build
	@swift build $(FLAGS) --product generate-manual
	@scripts/manual $(MANUAL)

completions: build
	@mkdir -p $(COMPLETIONS)
	@for shell in bash zsh fish; do \
	  $(SERIESMITH) --generate-completion-script $$shell >$(COMPLETIONS)/seriesmith.$$shell || exit; done
	@# It is sourced, not run.
	@sed -i '1{/^#!/d}' $(COMPLETIONS)/seriesmith.bash

install: man completions
	install -D $(SERIESMITH) $(DESTDIR)$(PREFIX)/bin/seriesmith
	rm -rf $(SHARE)/seriesmith/Templates
	mkdir -p $(SHARE)/seriesmith
	cp -R Templates $(SHARE)/seriesmith/
	install -D -m 644 $(MANUAL) $(SHARE)/man/man1/seriesmith.1
	install -D -m 644 $(COMPLETIONS)/seriesmith.bash $(SHARE)/bash-completion/completions/seriesmith
	install -D -m 644 $(COMPLETIONS)/seriesmith.zsh $(SHARE)/zsh/$(ZSH_FUNCTIONS)/_seriesmith
	install -D -m 644 $(COMPLETIONS)/seriesmith.fish $(SHARE)/fish/vendor_completions.d/seriesmith.fish

deb: TASKS := build deb
deb: dependencies
	@rm -f output/seriesmith_*
	@mkdir -p output
	@SOURCE_DATE_EPOCH=$${SOURCE_DATE_EPOCH:-$$(git log -1 --format=%ct)} \
	  dpkg-buildpackage --build=binary --no-sign --post-clean --buildinfo-option=-uoutput --changes-option=-uoutput \
	  --buildinfo-file=output/seriesmith.buildinfo --changes-file=output/seriesmith.changes
	@ls output/seriesmith_*.deb

packages: dependencies
	@scripts/run-tests --filter PackageTrials

dependencies:
	@scripts/install-dependencies $(TASKS)

format:
	swift format --in-place --recursive Package.swift Sources Tests Benchmarks/Package.swift Benchmarks/Sources \
	  Fuzz/Package.swift Fuzz/Sources

lint:
	swift format lint --strict --recursive Package.swift Sources Tests Benchmarks/Package.swift Benchmarks/Sources \
	  Fuzz/Package.swift Fuzz/Sources

clean:
	rm -rf .build output
