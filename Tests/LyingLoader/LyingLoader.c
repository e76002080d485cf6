// A Vulkan loader that passes everything on to the system's and lies where it is told to, so that tests see
// what a program makes of a driver that loses its device, hangs, or has a clock that gives no times. Variables
// of the environment say how; a share is a probability.
//
//   LIE_SEED=N               the same lies each time
//   LIE_AFTER_SECONDS=S      the truth until then
//   LIE_TIMESTAMPS=KIND      zero, half, tenth, constant, backwards, huge, random, coarse (steps of 4 ms)
//   LIE_TIMESTAMP_SHARE=P    of readings; all of them if it is not set
//   LIE_LOST_SHARE=P         of submissions that lose the device
//   LIE_LOST_WAIT_SHARE=P    of waits that do
//   LIE_MEMORY_SHARE=P       of submissions for which there is no memory
//   LIE_RESULT_SHARE=P       of submissions with a result that no specification knows
//   LIE_STAYS_LOST=1         a lost device does not open again
//   LIE_SLOW_SECONDS=S       how long each submission seems to take at least

#define _DEFAULT_SOURCE
#include "LyingLoader.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <vulkan/vulkan.h>

static PFN_vkGetInstanceProcAddr real_get_instance;
static PFN_vkGetDeviceProcAddr real_get_device;
static PFN_vkCreateDevice real_create_device;
static PFN_vkQueueSubmit real_submit;
static PFN_vkWaitForFences real_wait;
static PFN_vkGetQueryPoolResults real_results;

static int is_lost;
static double submitted;

static double seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static double number(const char *name) {
  const char *text = getenv(name);
  return text ? atof(text) : 0;
}

static int lies_now(void) {
  static double start;
  if (start == 0) start = seconds();
  return seconds() - start >= number("LIE_AFTER_SECONDS");
}

// xorshift64
static double random_number(void) {
  static uint64_t state;
  if (state == 0) {
    const char *seed = getenv("LIE_SEED");
    state = seed ? strtoull(seed, NULL, 10) * 2654435761u + 88172645463325252u
                 : (uint64_t)(seconds() * 1e9) + (uint64_t)getpid();
  }
  state ^= state << 13;
  state ^= state >> 7;
  state ^= state << 17;
  return (double)(state >> 11) / 9007199254740992.0;
}

static int happens(const char *name) {
  double share = number(name);
  return share > 0 && lies_now() && random_number() < share;
}

static VkResult lose(void) {
  is_lost = 1;
  return VK_ERROR_DEVICE_LOST;
}

static VkResult create_device(VkPhysicalDevice device, const VkDeviceCreateInfo *info,
                              const VkAllocationCallbacks *allocator, VkDevice *made) {
  if (is_lost && number("LIE_STAYS_LOST") != 0) return VK_ERROR_INITIALIZATION_FAILED;
  is_lost = 0;
  return real_create_device(device, info, allocator, made);
}

static VkResult submit(VkQueue queue, uint32_t count, const VkSubmitInfo *infos, VkFence fence) {
  if (is_lost) return VK_ERROR_DEVICE_LOST;
  if (happens("LIE_LOST_SHARE")) return lose();
  if (happens("LIE_MEMORY_SHARE")) return VK_ERROR_OUT_OF_DEVICE_MEMORY;
  if (happens("LIE_RESULT_SHARE")) return (VkResult)-123456;
  submitted = seconds();
  return real_submit(queue, count, infos, fence);
}

static VkResult wait(VkDevice device, uint32_t count, const VkFence *fences, VkBool32 all,
                     uint64_t timeout) {
  if (is_lost) return VK_ERROR_DEVICE_LOST;
  double left = submitted + number("LIE_SLOW_SECONDS") - seconds();
  if (left > 0 && lies_now()) {
    double most = (double)timeout / 1e9;
    usleep((useconds_t)((left < most ? left : most) * 1e6));
    if (left > most) return VK_TIMEOUT;
  }
  VkResult result = real_wait(device, count, fences, all, timeout);
  return happens("LIE_LOST_WAIT_SHARE") ? lose() : result;
}

static void lie(const char *kind, uint64_t *stamps, uint32_t count) {
  uint64_t first = stamps[0], span = stamps[count - 1] - first;
  if (!strcmp(kind, "zero")) memset(stamps, 0, count * sizeof *stamps);
  if (!strcmp(kind, "half")) stamps[count - 1] = first + span / 2;
  if (!strcmp(kind, "tenth")) stamps[count - 1] = first + span / 10;
  if (!strcmp(kind, "constant")) stamps[count - 1] = first + 1000;
  if (!strcmp(kind, "backwards")) stamps[0] = first + span, stamps[count - 1] = first;
  if (!strcmp(kind, "huge")) stamps[count - 1] = first + (1ull << 60);
  if (!strcmp(kind, "coarse")) stamps[count - 1] = first + span / 4000000 * 4000000;
  if (!strcmp(kind, "random")) stamps[count - 1] = first + (uint64_t)((double)span * random_number());
}

static VkResult results(VkDevice device, VkQueryPool pool, uint32_t first, uint32_t count,
                        size_t size, void *data, VkDeviceSize stride, VkQueryResultFlags flags) {
  VkResult result = real_results(device, pool, first, count, size, data, stride, flags);
  const char *kind = getenv("LIE_TIMESTAMPS");
  int always = getenv("LIE_TIMESTAMP_SHARE") == NULL && lies_now();
  if (kind && count >= 2 && stride == 8 && (always || happens("LIE_TIMESTAMP_SHARE")))
    lie(kind, data, count);
  return result;
}

static PFN_vkVoidFunction replaced(const char *name, PFN_vkVoidFunction real);

static PFN_vkVoidFunction get_device(VkDevice device, const char *name) {
  return replaced(name, real_get_device(device, name));
}

PFN_vkVoidFunction vkGetInstanceProcAddr(VkInstance instance, const char *name) {
  if (real_get_instance == NULL) {
    void *loader = dlopen("libvulkan.so.1", RTLD_NOW | RTLD_LOCAL);
    if (loader == NULL) return NULL;
    real_get_instance = (PFN_vkGetInstanceProcAddr)dlsym(loader, "vkGetInstanceProcAddr");
    lies_now();
  }
  return replaced(name, real_get_instance(instance, name));
}

static PFN_vkVoidFunction replaced(const char *name, PFN_vkVoidFunction real) {
  if (real == NULL) return NULL;
#define REPLACE(function, ours, kept)              \
  if (!strcmp(name, #function)) {                  \
    kept = (PFN_##function)real;                   \
    return (PFN_vkVoidFunction)ours;               \
  }
  REPLACE(vkGetDeviceProcAddr, get_device, real_get_device)
  REPLACE(vkCreateDevice, create_device, real_create_device)
  REPLACE(vkQueueSubmit, submit, real_submit)
  REPLACE(vkWaitForFences, wait, real_wait)
  REPLACE(vkGetQueryPoolResults, results, real_results)
#undef REPLACE
  return real;
}
