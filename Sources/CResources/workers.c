#include "resources.h"

// Workers for every processor that they are built for, by `make workers`. A build without them does what needs
// no Vulkan device.
static const unsigned char worker_aarch64[] = {
#if __has_embed("../../.build/workers/srprof-worker-aarch64") == __STDC_EMBED_FOUND__
#embed "../../.build/workers/srprof-worker-aarch64"
#else
    0
#endif
};
static const unsigned char worker_aarch64_android[] = {
#if __has_embed("../../.build/workers/srprof-worker-aarch64-android") == __STDC_EMBED_FOUND__
#embed "../../.build/workers/srprof-worker-aarch64-android"
#else
    0
#endif
};
static const unsigned char worker_x86_64[] = {
#if __has_embed("../../.build/workers/srprof-worker-x86_64") == __STDC_EMBED_FOUND__
#embed "../../.build/workers/srprof-worker-x86_64"
#else
    0
#endif
};

static const SrprofResource workers[] = {
    {"aarch64", worker_aarch64, sizeof worker_aarch64},
    {"aarch64-android", worker_aarch64_android, sizeof worker_aarch64_android},
    {"x86_64", worker_x86_64, sizeof worker_x86_64},
};

size_t srprof_worker_count(void) { return sizeof workers / sizeof workers[0]; }

SrprofResource srprof_worker(size_t index) { return workers[index]; }
