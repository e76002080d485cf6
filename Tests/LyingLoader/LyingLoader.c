// A Vulkan loader that passes everything on to the system's and lies where it is told to, so that tests see
// what a program makes of a driver that loses its device, crashes, hangs, computes wrong results, or has a
// clock that gives no times. Variables of the environment say how; a share is a probability.
//
//   LIE_SEED=N               the same lies each time
//   LIE_STATE=FILE           what processes know of each other, so that each tells other lies
//   LIE_AFTER_SECONDS=S      the truth until then
//   LIE_TIMESTAMPS=KIND      zero, half, tenth, constant, backwards, huge, random, coarse (steps of 4 ms)
//   LIE_TIMESTAMP_SHARE=P    of readings; all of them if it is not set
//   LIE_LOST_SHARE=P         of submissions that lose the device
//   LIE_LOST_WAIT_SHARE=P    of waits that do
//   LIE_MEMORY_SHARE=P       of submissions for which there is no memory
//   LIE_RESULT_SHARE=P       of submissions with a result that no specification knows
//   LIE_STAYS_LOST=1         a lost device does not open again; with LIE_STATE, in no other process either
//   LIE_SLOW_SECONDS=S       how long each submission seems to take at least
//   LIE_COMPILE_SECONDS=S    how long each pipeline takes at least
//   LIE_COMPILE_BYTES=N      of so many bytes of code, if it is set
//   LIE_CRASH_PIPELINE_SHARE=P  of pipelines whose compilation ends the process
//   LIE_CRASH_SUBMIT_SHARE=P    of submissions that do
//   LIE_CRASH_SUBMIT=N       the process's submission that ends it, counted from 1
//   LIE_HANG_SHARE=P         of submissions that never end
//   LIE_HANG_SECONDS=S       how long they are waited for; for ever if it is not set
//   LIE_CORRUPT_SHARE=P      of submissions one number of whose results is wrong
//
// Lies about some pipelines, the same whenever their code and constants are:
//
//   LIE_CRASH_CODE_SHARE=P   of them whose compilation ends the process
//   LIE_HANG_CODE_SHARE=P    that never end
//   LIE_WRONG_CODE_SHARE=P   whose results are wrong
//   LIE_HONEST_CODES=N       the first so many, by LIE_STATE, are honest: those that warm a device up

#define _DEFAULT_SOURCE
#include "LyingLoader.h"

#include <dlfcn.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
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
static PFN_vkCreateShaderModule real_create_shader;
static PFN_vkCreateComputePipelines real_create_pipelines;
static PFN_vkBeginCommandBuffer real_begin;
static PFN_vkCmdBindPipeline real_bind_pipeline;
static PFN_vkCreateBuffer real_create_buffer;
static PFN_vkDestroyBuffer real_destroy_buffer;
static PFN_vkBindBufferMemory real_bind_memory;
static PFN_vkMapMemory real_map;
static PFN_vkFreeMemory real_free;

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

// How often LIE_STATE has a line, and how many of its kind, which is their first letter, stand before it.
static unsigned noted(const char *line, unsigned *before) {
  const char *path = getenv("LIE_STATE");
  FILE *file = path ? fopen(path, "r") : NULL;
  unsigned found = 0, others = 0;
  char text[64];
  while (file && fgets(text, sizeof text, file)) {
    text[strcspn(text, "\n")] = 0;
    if (!strcmp(text, line)) found++;
    else if (found == 0 && text[0] == line[0]) others++;
  }
  if (file) fclose(file);
  if (before) *before = others;
  return found;
}

static void note(const char *line) {
  const char *path = getenv("LIE_STATE");
  FILE *file = path ? fopen(path, "a") : NULL;
  if (file == NULL) return;
  fprintf(file, "%s\n", line);
  fclose(file);
}

// xorshift64
static double random_number(void) {
  static uint64_t state;
  if (state == 0) {
    const char *seed = getenv("LIE_SEED");
    state = seed ? strtoull(seed, NULL, 10) * 2654435761u + 88172645463325252u
                 : (uint64_t)(seconds() * 1e9) + (uint64_t)getpid();
    state += noted("process", NULL) * 0x9e3779b97f4a7c15u;
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
  note("lost");
  return VK_ERROR_DEVICE_LOST;
}

static void crash(void) {
  signal(SIGSEGV, SIG_DFL);
  raise(SIGSEGV);
}

static VkResult create_device(VkPhysicalDevice device, const VkDeviceCreateInfo *info,
                              const VkAllocationCallbacks *allocator, VkDevice *made) {
  if (number("LIE_STAYS_LOST") != 0 && (is_lost || noted("lost", NULL)))
    return VK_ERROR_INITIALIZATION_FAILED;
  is_lost = 0;
  return real_create_device(device, info, allocator, made);
}

// What is remembered of handles: numbers by numbers.
typedef struct {
  uint64_t key, value;
} Entry;
typedef struct {
  Entry *entries;
  size_t count;
} Map;

static Entry *find(Map *map, uint64_t key) {
  for (size_t i = 0; i < map->count; i++)
    if (map->entries[i].key == key) return &map->entries[i];
  return NULL;
}

static uint64_t get(Map *map, uint64_t key) {
  Entry *entry = find(map, key);
  return entry ? entry->value : 0;
}

static void set(Map *map, uint64_t key, uint64_t value) {
  Entry *entry = find(map, key);
  if (entry == NULL) {
    Entry *more = realloc(map->entries, (map->count + 1) * sizeof *more);
    if (more == NULL) return;
    map->entries = more;
    entry = &more[map->count++];
  }
  *entry = (Entry){key, value};
}

static void forget(Map *map, uint64_t key) {
  Entry *entry = find(map, key);
  if (entry) *entry = map->entries[--map->count];
}

// Hashes of shaders, and what is wrong with pipelines and with commands that run them.
enum { HANGS = 1, IS_WRONG = 2 };
static Map shaders, sizes, pipelines, commands;

// FNV-1a
static uint64_t hashed(uint64_t hash, const void *bytes, size_t count) {
  for (size_t i = 0; i < count; i++) hash = (hash ^ ((const uint8_t *)bytes)[i]) * 0x100000001b3u;
  return hash;
}

static VkResult create_shader(VkDevice device, const VkShaderModuleCreateInfo *info,
                              const VkAllocationCallbacks *allocator, VkShaderModule *made) {
  VkResult result = real_create_shader(device, info, allocator, made);
  if (result == VK_SUCCESS) {
    set(&shaders, (uint64_t)*made, hashed(0xcbf29ce484222325u, info->pCode, info->codeSize));
    set(&sizes, (uint64_t)*made, info->codeSize);
  }
  return result;
}

// Whether a lie falls on a pipeline, by a hash that is the same in every process.
static int falls_on(uint64_t code, const char *name) {
  double share = number(name);
  if (share <= 0) return 0;
  const char *seed = getenv("LIE_SEED");
  uint64_t hash = hashed(hashed(code, name, strlen(name)), seed ? seed : "", seed ? strlen(seed) : 0);
  hash ^= hash >> 33, hash *= 0xff51afd7ed558ccdu, hash ^= hash >> 33;
  return (double)(hash >> 11) / 9007199254740992.0 < share;
}

static int is_honest(uint64_t code) {
  double most = number("LIE_HONEST_CODES");
  if (most == 0) return 0;
  char line[32];
  snprintf(line, sizeof line, "code %016" PRIx64, code);
  unsigned before;
  if (!noted(line, &before)) note(line);
  return before < most;
}

static VkResult create_pipelines(VkDevice device, VkPipelineCache cache, uint32_t count,
                                 const VkComputePipelineCreateInfo *infos,
                                 const VkAllocationCallbacks *allocator, VkPipeline *made) {
  uint64_t wrongs[16] = {0};
  uint64_t bytes = 0;
  for (uint32_t i = 0; i < count && i < 16; i++) {
    uint64_t code = get(&shaders, (uint64_t)infos[i].stage.module);
    bytes += get(&sizes, (uint64_t)infos[i].stage.module);
    const VkSpecializationInfo *constants = infos[i].stage.pSpecializationInfo;
    if (constants) code = hashed(code, constants->pData, constants->dataSize);
    if (is_honest(code)) continue;
    if (falls_on(code, "LIE_CRASH_CODE_SHARE")) crash();
    if (falls_on(code, "LIE_HANG_CODE_SHARE")) wrongs[i] |= HANGS;
    if (falls_on(code, "LIE_WRONG_CODE_SHARE")) wrongs[i] |= IS_WRONG;
  }
  if (happens("LIE_CRASH_PIPELINE_SHARE")) crash();
  if (bytes >= number("LIE_COMPILE_BYTES")) usleep((useconds_t)(number("LIE_COMPILE_SECONDS") * 1e6));
  VkResult result = real_create_pipelines(device, cache, count, infos, allocator, made);
  for (uint32_t i = 0; result == VK_SUCCESS && i < count && i < 16; i++)
    set(&pipelines, (uint64_t)made[i], wrongs[i]);
  return result;
}

static VkResult begin(VkCommandBuffer buffer, const VkCommandBufferBeginInfo *info) {
  set(&commands, (uint64_t)buffer, 0);
  return real_begin(buffer, info);
}

static void bind_pipeline(VkCommandBuffer buffer, VkPipelineBindPoint point, VkPipeline pipeline) {
  set(&commands, (uint64_t)buffer,
      get(&commands, (uint64_t)buffer) | get(&pipelines, (uint64_t)pipeline));
  real_bind_pipeline(buffer, point, pipeline);
}

// Storage buffers' memory, and where it is mapped. A result is what a submission has changed, seen in the
// middle of a buffer: maps begin with a halo that nothing changes.
enum { MIDDLE = 64 };
static Map memories, mappings, sizes;
static uint32_t (*middles)[MIDDLE];

static VkResult create_buffer(VkDevice device, const VkBufferCreateInfo *info,
                              const VkAllocationCallbacks *allocator, VkBuffer *made) {
  VkResult result = real_create_buffer(device, info, allocator, made);
  if (result == VK_SUCCESS && info->usage & VK_BUFFER_USAGE_STORAGE_BUFFER_BIT)
    set(&sizes, (uint64_t)*made, info->size);
  return result;
}

static void destroy_buffer(VkDevice device, VkBuffer buffer, const VkAllocationCallbacks *allocator) {
  forget(&sizes, (uint64_t)buffer);
  forget(&memories, (uint64_t)buffer);
  real_destroy_buffer(device, buffer, allocator);
}

static VkResult bind_memory(VkDevice device, VkBuffer buffer, VkDeviceMemory memory, VkDeviceSize at) {
  if (at == 0 && get(&sizes, (uint64_t)buffer)) set(&memories, (uint64_t)buffer, (uint64_t)memory);
  return real_bind_memory(device, buffer, memory, at);
}

static VkResult map_memory(VkDevice device, VkDeviceMemory memory, VkDeviceSize at, VkDeviceSize size,
                           VkMemoryMapFlags flags, void **data) {
  VkResult result = real_map(device, memory, at, size, flags, data);
  if (result == VK_SUCCESS && at == 0) set(&mappings, (uint64_t)memory, (uint64_t)*data);
  return result;
}

static void free_memory(VkDevice device, VkDeviceMemory memory, const VkAllocationCallbacks *allocator) {
  forget(&mappings, (uint64_t)memory);
  real_free(device, memory, allocator);
}

// The numbers in the middle of a buffer that is long enough and mapped.
static uint32_t *numbers(size_t index) {
  Entry *buffer = &memories.entries[index];
  uint64_t count = get(&sizes, buffer->key) / sizeof(uint32_t);
  uint32_t *first = (uint32_t *)(uintptr_t)get(&mappings, buffer->value);
  return first && count >= MIDDLE ? first + (count - MIDDLE) / 2 : NULL;
}

static void remember_numbers(void) {
  void *room = realloc(middles, (memories.count + 1) * sizeof *middles);
  if (room == NULL) return;
  middles = room;
  for (size_t i = 0; i < memories.count; i++)
    if (numbers(i)) memcpy(middles[i], numbers(i), sizeof *middles);
}

// Makes a number of each result wrong by far.
static void corrupt_results(void) {
  for (size_t i = 0; middles && i < memories.count; i++) {
    uint32_t *now = numbers(i);
    for (int n = MIDDLE - 1; now && n >= 0; n--)
      if (now[n] != middles[i][n]) {
        now[n] ^= 1u << 30;
        break;
      }
  }
}

static int does_hang, is_corrupt;

static VkResult submit(VkQueue queue, uint32_t count, const VkSubmitInfo *infos, VkFence fence) {
  static double submissions;
  if (is_lost) return VK_ERROR_DEVICE_LOST;
  if (happens("LIE_LOST_SHARE")) return lose();
  if (happens("LIE_MEMORY_SHARE")) return VK_ERROR_OUT_OF_DEVICE_MEMORY;
  if (happens("LIE_RESULT_SHARE")) return (VkResult)-123456;
  if (++submissions == number("LIE_CRASH_SUBMIT") || happens("LIE_CRASH_SUBMIT_SHARE")) crash();
  uint64_t wrongs = 0;
  for (uint32_t i = 0; i < count; i++)
    for (uint32_t n = 0; n < infos[i].commandBufferCount; n++)
      wrongs |= get(&commands, (uint64_t)infos[i].pCommandBuffers[n]);
  does_hang = wrongs & HANGS || happens("LIE_HANG_SHARE");
  is_corrupt = wrongs & IS_WRONG || happens("LIE_CORRUPT_SHARE");
  if (is_corrupt) remember_numbers();
  submitted = seconds();
  return real_submit(queue, count, infos, fence);
}

static VkResult wait(VkDevice device, uint32_t count, const VkFence *fences, VkBool32 all,
                     uint64_t timeout) {
  if (is_lost) return VK_ERROR_DEVICE_LOST;
  if (does_hang) {
    if (getenv("LIE_HANG_SECONDS") == NULL)
      for (;;) pause();
    usleep((useconds_t)(number("LIE_HANG_SECONDS") * 1e6));
    return VK_TIMEOUT;
  }
  double left = submitted + number("LIE_SLOW_SECONDS") - seconds();
  if (left > 0 && lies_now()) {
    double most = (double)timeout / 1e9;
    usleep((useconds_t)((left < most ? left : most) * 1e6));
    if (left > most) return VK_TIMEOUT;
  }
  VkResult result = real_wait(device, count, fences, all, timeout);
  if (is_corrupt && result == VK_SUCCESS) corrupt_results();
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
    note("process");
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
  REPLACE(vkCreateShaderModule, create_shader, real_create_shader)
  REPLACE(vkCreateComputePipelines, create_pipelines, real_create_pipelines)
  REPLACE(vkBeginCommandBuffer, begin, real_begin)
  REPLACE(vkCmdBindPipeline, bind_pipeline, real_bind_pipeline)
  REPLACE(vkCreateBuffer, create_buffer, real_create_buffer)
  REPLACE(vkDestroyBuffer, destroy_buffer, real_destroy_buffer)
  REPLACE(vkBindBufferMemory, bind_memory, real_bind_memory)
  REPLACE(vkMapMemory, map_memory, real_map)
  REPLACE(vkFreeMemory, free_memory, real_free)
#undef REPLACE
  return real;
}
