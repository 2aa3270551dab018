# make series   regenerate the nine patches on the embedded kernel and verify them
#               (SERIES=name for another series, OPTIONS='name …' for options of it)
# make bases    the same on every kernel the series is for; prints a table
# make prove    build and boot the nine patches' kernels, and count page table walks
# make test     the tests, those on the real kernel included
# make faults   the tests left out there: faults that only running shows, a kernel for each
# make kernel   the embedded kernel; its repository's path is the last line
# make bench    time the command against spatch, git am, git grep and git rebase -x make, and bound its memory
# make fuzz     give each reader of foreign input RUNS inputs that no one thought of
# make sanitize the tests that need no kernel, with the address and then with the thread sanitizer
# make build    the command alone, as .build/release/seriesmith
# make man, make completions    its man page and what shells complete, in output/
# make install  all of that with its templates in PREFIX (/usr/local), or in DESTDIR before it

SERIES := iova_to_phys_length
OPTIONS :=
OUTPUT := output/$(SERIES)
RUNS := 1000000
SERIESMITH := .build/release/seriesmith
PREFIX := /usr/local
SHARE = $(DESTDIR)$(PREFIX)/share
MANUAL := output/man/seriesmith.1
COMPLETIONS := output/completions

.PHONY: series bases prove test faults bench fuzz sanitize build kernel man completions install dependencies format lint clean
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
	@echo "Building seriesmith (about five minutes the first time)" >&2
	@swift build -c release --static-swift-stdlib --product seriesmith

kernel: build
	@$(SERIESMITH) kernel

bases: build
	@$(SERIESMITH) bases $(SERIES) $(addprefix --option ,$(OPTIONS)) --output output/bases

prove: build
	@$(SERIESMITH) prove $(if $(wildcard $(OUTPUT)),$(OUTPUT),patches/$(SERIES))

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
	@scripts/manual $(MANUAL)

completions: build
	@mkdir -p $(COMPLETIONS)
	@for shell in bash zsh fish; do \
	  $(SERIESMITH) --generate-completion-script $$shell >$(COMPLETIONS)/seriesmith.$$shell || exit; done

install: man completions
	install -D $(SERIESMITH) $(DESTDIR)$(PREFIX)/bin/seriesmith
	rm -rf $(SHARE)/seriesmith/Templates
	mkdir -p $(SHARE)/seriesmith
	cp -R Templates $(SHARE)/seriesmith/
	install -D -m 644 $(MANUAL) $(SHARE)/man/man1/seriesmith.1
	install -D -m 644 $(COMPLETIONS)/seriesmith.bash $(SHARE)/bash-completion/completions/seriesmith
	install -D -m 644 $(COMPLETIONS)/seriesmith.zsh $(SHARE)/zsh/site-functions/_seriesmith
	install -D -m 644 $(COMPLETIONS)/seriesmith.fish $(SHARE)/fish/vendor_completions.d/seriesmith.fish

dependencies:
	@scripts/install-dependencies

format:
	swift format --in-place --recursive Package.swift Sources Tests Benchmarks/Package.swift Benchmarks/Sources \
	  Fuzz/Package.swift Fuzz/Sources

lint:
	swift format lint --strict --recursive Package.swift Sources Tests Benchmarks/Package.swift Benchmarks/Sources \
	  Fuzz/Package.swift Fuzz/Sources

clean:
	rm -rf .build output
