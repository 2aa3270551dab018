#include <git2.h>
#include <git2/sys/mempack.h>
#include <git2/sys/odb_backend.h>

/* git_libgit2_opts() is variadic, which Swift cannot call. */

static inline int seriesmith_allow_extensions(const char **names, size_t count) {
  return git_libgit2_opts(GIT_OPT_SET_EXTENSIONS, names, count);
}

static inline int seriesmith_verify_hashes_on_read(int enabled) {
  return git_libgit2_opts(GIT_OPT_ENABLE_STRICT_HASH_VERIFICATION, enabled);
}

static inline int seriesmith_validate_owner(int enabled) {
  return git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, enabled);
}

static inline int seriesmith_map_at_most(size_t window, size_t total) {
  int status = git_libgit2_opts(GIT_OPT_SET_MWINDOW_SIZE, window);
  return status < 0 ? status : git_libgit2_opts(GIT_OPT_SET_MWINDOW_MAPPED_LIMIT, total);
}

static inline int seriesmith_keep_in_memory(git_object_t type, size_t largest) {
  return git_libgit2_opts(GIT_OPT_SET_CACHE_OBJECT_LIMIT, type, largest);
}

static inline int seriesmith_keep_at_most(ssize_t total) {
  return git_libgit2_opts(GIT_OPT_SET_CACHE_MAX_SIZE, total);
}
