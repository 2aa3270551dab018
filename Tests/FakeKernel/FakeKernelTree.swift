/// A small kernel whose makefiles work like Kbuild's: `O=`, descending, composite objects, commands saved in `.cmd` files
/// and compared with, single targets.
public enum FakeKernelTree {
  /// The files' contents, by path in the tree.
  public static let files = [
    "Makefile": """
    ifeq ($(sub),)
    $(MAKECMDGOALS): again ;
    again:
    \t@$(MAKE) --no-print-directory -C $(O) -f $(CURDIR)/Makefile sub=1 srctree=$(CURDIR) $(MAKECMDGOALS)
    .PHONY: again
    else
    export VPATH := $(srctree)
    export srctree
    export CC := $(if $(LLVM),clang$(LLVM),$(CROSS_COMPILE)gcc)
    export KBUILD_CFLAGS := -nostdinc -I$(srctree)/include -I./include -D__KERNEL__ -DARCH='"$(ARCH)"'
    build := -f $(srctree)/scripts/Makefile.build obj
    single := $(filter %.o,$(MAKECMDGOALS))
    allmodconfig:
    \t@mkdir -p include/config; grep -v '=n' $(KCONFIG_ALLCONFIG) > .config; cp .config include/config/auto.conf
    modules_prepare: prepare
    \t@mkdir -p scripts/mod; cp $(srctree)/scripts/mod/modpost.sh scripts/mod/modpost; chmod +x scripts/mod/modpost
    prepare:
    \t@$(MAKE) $(build)=. include/generated/bounds.h
    $(single): descend ;
    descend: prepare
    \t@$(MAKE) $(build)=. need-builtin=1 need-modorder=1 $(single)
    .PHONY: prepare descend modules_prepare
    endif

    """,
    "Kbuild": """
    include/generated/bounds.h: kernel/bounds.s FORCE
    \t$(call if_changed,bounds)
    cmd_bounds = mkdir -p $(@D); sed -n 's/.*->\\([^"]*\\).*/\\#define \\1/p' $< > $@
    obj-y += drivers/
    obj-y += virt/
    obj-y += arch/fake/
    obj-y += arch/fake/lib/

    """,
    "scripts/Makefile.build": """
    obj-y :=
    obj-m :=
    lib-y :=
    targets :=
    subdir-y :=
    subdir-m :=
    subdir- :=
    always-y :=
    src := $(srctree)/$(obj)
    ccflags-y :=
    -include include/config/auto.conf
    prefix = $(if $(filter .,$(obj)),,$(obj)/)
    depfile = $(@D)/.$(@F).d
    cmd-check = $(filter-out $(subst $(space),~,$(strip $(savedcmd_$@))),$(subst $(space),~,$(strip $(cmd_$1))))
    space := $(subst ,, )
    pound := \\#
    squote := '
    escsq = $(subst $(squote),'\\$(squote)',$1)
    make-cmd = $(call escsq,$(subst $(pound),$$(pound),$(subst $$,$$$$,$(cmd_$(1)))))
    newer = $(filter-out FORCE,$?)
    if_changed = $(if $(newer)$(cmd-check),@set -e; mkdir -p $(@D); echo '  $(word 1,$(name_$1) GEN) $@'; $(cmd_$1); \\
    printf '%s\\n' 'savedcmd_$@ := $(make-cmd)' > $(@D)/.$(@F).cmd,@:)
    if_changed_dep = $(if $(newer)$(cmd-check),@set -e; mkdir -p $(@D); echo '  CC      $@'; $(cmd_$1); \\
    sh $(srctree)/scripts/fixdep.sh $(depfile) $@ $< '$(make-cmd)' > $(@D)/.$(@F).cmd; rm -f $(depfile),@:)
    kbuild-file = $(or $(wildcard $(src)/Kbuild),$(src)/Makefile)
    build := -f $(srctree)/scripts/Makefile.build obj
    include $(kbuild-file)
    KBUILD_CFLAGS += $(subdir-ccflags-y)
    subdir-ym := $(sort $(subdir-y) $(subdir-m) $(patsubst %/,%,$(filter %/,$(obj-y) $(obj-m))))
    built := $(patsubst %/,%,$(filter %/,$(obj-y)))
    obj-y := $(filter-out %/,$(obj-y))
    obj-m := $(filter-out %/,$(obj-m))
    parts = $(foreach m,$1,$(or $($(m:.o=-y)),$m))
    real-obj-y := $(addprefix $(prefix),$(call parts,$(obj-y)))
    real-obj-m := $(addprefix $(prefix),$(call parts,$(obj-m)))
    obj-m := $(addprefix $(prefix),$(obj-m))
    lib-y := $(addprefix $(prefix),$(lib-y))
    subdir-ym := $(addprefix $(prefix),$(subdir-ym))
    built := $(addprefix $(prefix),$(built))
    targets := $(addprefix $(prefix),$(targets)) $(real-obj-y) $(real-obj-m) $(lib-y)
    part-of-module = $(filter $@,$(real-obj-m))
    c_flags = -Wp,-MMD,$(depfile) $(KBUILD_CFLAGS) $(ccflags-y) $(CFLAGS_$(@F)) -I$(src) -I$(obj) \\
    $(if $(part-of-module),-DMODULE,-DKBUILD_MODFILE='"$(@:.o=)"')
    cmd_cc_o_c = $(CC) $(c_flags) -c -o $@ $<
    cmd_cc_s_c = $(CC) $(c_flags) -S -o $@ $<
    $(prefix)%.o: $(prefix)%.c FORCE
    \t$(call if_changed_dep,cc_o_c)
    $(prefix)%.o: $(prefix)%.S FORCE
    \t$(call if_changed_dep,cc_o_c)
    $(prefix)%.s: $(prefix)%.c FORCE
    \t$(call if_changed_dep,cc_s_c)
    single-subdirs := $(foreach d,$(subdir-ym),$(if $(filter $d/%,$(MAKECMDGOALS)),$d))
    single-subdir-goals := $(filter $(addsuffix /%,$(single-subdirs)),$(MAKECMDGOALS))
    $(single-subdir-goals): $(single-subdirs)
    \t@:
    $(subdir-ym):
    \t@$(MAKE) $(build)=$@ need-builtin=$(if $(filter $@,$(built)),$(need-builtin)) \\
    need-modorder=$(need-modorder) $(filter $@/%,$(single-subdir-goals))
    FORCE:
    .PHONY: FORCE $(subdir-ym)
    -include $(foreach t,$(wildcard $(targets) $(MAKECMDGOALS)),$(dir $t).$(notdir $t).cmd)

    """,
    // Works like fixdep: $1 depfile, $2 target, $3 source, $4 command.
    "scripts/fixdep.sh": """
    printf 'savedcmd_%s := %s\\n\\nsource_%s := %s\\n\\ndeps_%s := \\\\\\n' "$2" "$4" "$2" "$3" "$2"
    tr -s ' \\\\' '\\n\\n' < "$1" | grep -v ':$' | grep -v "^$3\\$" | grep . | sed 's/.*/  & \\\\/' || :
    printf '\\n%s: $(deps_%s)\\n\\n$(deps_%s):\\n' "$2" "$2" "$2"

    """,
    // Knows what modpost says of modules that refer to what nothing exports.
    "scripts/mod/modpost.sh": """
    #!/bin/sh
    status=0
    for object; do
    \tcase $object in vmlinux.o|*.symvers|-*) continue;; esac
    \tfor symbol in $(llvm-nm-19 -ju "$object"); do
    \t\tcut -f2 Module.symvers | grep -qx "$symbol" && continue
    \t\techo "ERROR: modpost: \\"$symbol\\" [${object%.o}.ko] undefined!" >&2; status=1
    \tdone
    done
    exit $status

    """,
    "kernel/bounds.c": "#include <linux/page.h>\nasm(\".ascii \\\"->PAGES 4\\\"\");\n",
    "include/linux/page.h": "extern int page;\n",
    "include/linux/driver.h": "#include <linux/page.h>\nextern int driver;\n",

    // A module of two parts, one of them in a separate folder, and a source that is built twice.
    "drivers/Makefile": """
    obj-$(CONFIG_DRIVER) += driver.o twice.o test.o
    subdir-$(CONFIG_DRIVER) += more
    obj-$(CONFIG_OFF) += off.o off/
    driver-y := main.o sub/part.o
    test-y := kunit_twice.o
    CFLAGS_kunit_twice.o := -DTEST='"a b"'
    $(obj)/kunit_%.o: $(src)/%.c FORCE
    \t$(call if_changed_dep,cc_o_c)

    """,
    "drivers/main.c": "#include <linux/driver.h>\nint main_part(void) { return driver; }\n",
    "drivers/sub/part.c": "int part(void) { return 1; }\n",
    "drivers/twice.c": "int twice(void) { return 2; }\n",
    "drivers/off.c": "int off(void) { return 0; }\n",
    "drivers/off/Makefile": "obj-y += deep.o\n",
    "drivers/off/deep.c": "int deep;\n",
    // A separate program, part of neither vmlinux nor a module.
    "drivers/more/Makefile": "obj-y += more.o asm.o\n",
    "drivers/more/more.c": "int more(void) { int unused = 1; return 3; }\n",
    "drivers/more/asm.S": "\t.globl more_asm\nmore_asm:\n",

    // Objects of a folder that another folder's makefile lists, through a makefile it includes.
    "virt/Makefile": "obj-y += own.o\n",
    "virt/own.c": "int own;\n",
    "virt/Makefile.shared": "SHARED ?= ../../virt\nshared-y := $(SHARED)/shared.o\n",
    "virt/shared.c": "int shared(void) { return 4; }\n",
    "arch/fake/Makefile": """
    include $(srctree)/virt/Makefile.shared
    obj-y += shared.o cpu.o
    subdir-ccflags-y := -DARCH_FLAG
    subdir- := boot

    """,
    "arch/fake/cpu.c": "int cpu;\n",
    // Kbuild descends here from the top, not from the folder above, whose rules would match as well.
    "arch/fake/lib/Makefile": "lib-y += copy.o\nccflags-y += -DLIB_FLAG\n",
    "arch/fake/lib/copy.c": "int copy;\n",
    // Kbuild does not descend here; the architecture builds it by itself.
    "arch/fake/boot/Makefile": "targets += wrapper.o\nKBUILD_CFLAGS := -ffreestanding\n",
    "arch/fake/boot/wrapper.c": "int wrapper;\n",
  ]
  /// The scripts that a kernel checks its patches with. They report only marked lines: `XXX` in an added line is bad
  /// style, `UNDESCRIBED name` in a file lacks a description.
  public static let scripts = [
    "scripts/checkpatch.pl": #"""
    my $said = 0;
    while (<STDIN>) { next unless /^\+.*XXX/; print "-:$.: WARNING:XXX: say what is to be done\n"; $said = 1; }
    exit $said;

    """#,
    "scripts/kernel-doc": #"""
    #!/usr/bin/env perl
    for my $path (grep { !/^-/ } @ARGV) {
    	open(my $file, "<", $path);
    	while (<$file>) { print STDERR "$path:$.: warning: '$1' not described\n" if /UNDESCRIBED (\w+)/; }
    	close($file);
    }

    """#,
    "scripts/get_maintainer.pl": #"""
    my $patch = join("", <STDIN>);
    print "Core Maintainer <core\@example.com> (supporter:CORE)\n" if $patch =~ m{^\+\+\+ b/include/}m;
    if ($patch =~ m{^\+\+\+ b/drivers/}m) {
    	print "Driver Maintainer <driver\@example.com> (maintainer:DRIVERS, ALL OF THEM)\n";
    	print "\"Jos\xc3\xa9 (Reviews)\" <reviewer\@example.com> (reviewer:DRIVERS (ALL))\n";
    	print "drivers\@lists.example.com (moderated list:DRIVERS)\n";
    }
    print "linux-kernel\@vger.example.com (open list)\n";

    """#,
  ]
}
