#define _GNU_SOURCE
#include "process.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

extern char **environ;

static int start(pid_t *process, const char *path, char *const *arguments, int input, int errors,
                 int program) {
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  int result = posix_spawn_file_actions_init(&actions);
  if (result != 0) return result;
  result = posix_spawnattr_init(&attributes);
  if (result != 0) {
    posix_spawn_file_actions_destroy(&actions);
    return result;
  }
  sigset_t none, all;
  sigemptyset(&none);
  sigfillset(&all);
  // A terminal's interruption is this process's to handle.
  posix_spawnattr_setflags(&attributes,
                           POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &all);
  if ((result = posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO)) == 0 &&
      (result = posix_spawn_file_actions_adddup2(&actions, input, STDOUT_FILENO)) == 0 &&
      (errors < 0 ||
       (result = posix_spawn_file_actions_adddup2(&actions, errors, STDERR_FILENO)) == 0) &&
      (program < 0 || (result = posix_spawn_file_actions_adddup2(&actions, program, 3)) == 0) &&
      (result = posix_spawn_file_actions_addclosefrom_np(&actions, program < 0 ? 3 : 4)) == 0)
    result = posix_spawnp(process, path, &actions, &attributes, arguments, environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  return result;
}

ProcessChild process_spawn(const char *path, char *const *arguments, int listening, int program) {
  ProcessChild child = {.descriptor = -1, .errors = -1};
  int ends[2], errors[2] = {-1, -1};
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
    child.process = -errno;
    return child;
  }
  if (listening && pipe2(errors, O_CLOEXEC | O_NONBLOCK) != 0) {
    child.process = -errno;
    close(ends[0]);
    close(ends[1]);
    return child;
  }
  int result = start(&child.process, path, arguments, ends[1], errors[1], program);
  close(ends[1]);
  if (listening) close(errors[1]);
  if (result != 0) {
    close(ends[0]);
    if (listening) close(errors[0]);
    child.process = -result;
    return child;
  }
  fcntl(ends[0], F_SETFL, fcntl(ends[0], F_GETFL) | O_NONBLOCK);
  child.descriptor = ends[0];
  child.errors = errors[0];
  return child;
}

int process_memory_file(const void *bytes, size_t count) {
  int file = memfd_create("srprof-worker", MFD_CLOEXEC);
  if (file < 0) return -errno;
  for (size_t done = 0; done < count;) {
    ssize_t written = write(file, (const char *)bytes + done, count - done);
    if (written <= 0) {
      int error = errno;
      close(file);
      return -error;
    }
    done += (size_t)written;
  }
  return file;
}
