#pragma once
#include <stddef.h>

/// A file of the repository carried inside the program.
typedef struct {
  const char *_Nonnull name;  ///< Path from the repository's root.
  const unsigned char *_Nonnull bytes;
  size_t count;
} SrprofResource;

size_t srprof_resource_count(void);
/// The resource at `index`; `index` is less than the count.
SrprofResource srprof_resource(size_t index);

size_t srprof_worker_count(void);
/// The worker at `index`, named after its processor; of one byte where the build has none.
SrprofResource srprof_worker(size_t index);
