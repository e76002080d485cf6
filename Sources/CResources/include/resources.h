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
