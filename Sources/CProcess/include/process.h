#pragma once
#include <stddef.h>
#include <sys/types.h>

/// A child process and this side's ends of what it reads and writes.
typedef struct {
  pid_t process;   ///< Or a negated error of the system.
  int descriptor;  ///< To its input and from its output; does not wait.
  int errors;      ///< From its error output, where that was asked for; -1 otherwise.
} ProcessChild;

/// Starts `path`, looked for as a shell does, in a process group of its own and without any signal held back.
/// With `listening`, its error output can be read. `program`, unless it is -1, is its descriptor 3.
ProcessChild process_spawn(const char *_Nonnull path, char *_Nullable const *_Nonnull arguments,
                           int listening, int program);

/// A file in memory with these bytes; a negated error of the system if there is none to be had.
int process_memory_file(const void *_Nonnull bytes, size_t count);
