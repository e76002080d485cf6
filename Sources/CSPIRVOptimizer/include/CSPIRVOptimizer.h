#pragma once

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// SPIR-V, or why there is none.
typedef struct {
  /// Null if it failed.
  uint32_t *words;
  size_t count;
  /// The optimizer's words on a failure; null if it said nothing.
  char *log;
} spirv_optimizer_outcome;

/// Unrolls the loops of a shader that are marked for it, and turns variables, and arrays whose indices then
/// are constants, into values. Specialization constants stay.
spirv_optimizer_outcome spirv_optimizer_unroll(const uint32_t *words, size_t count);

/// Frees what an outcome holds.
void spirv_optimizer_free(spirv_optimizer_outcome outcome);

#ifdef __cplusplus
}
#endif
