// Input texels that one output texel reads, and the first of them for a tile of output texels, which lies
// within one group.

#if GROUPS == 1
#define GROUP_BLOCKS (INPUT_BLOCKS - PASSING_BLOCKS)
#define FIRST_BLOCK(tile) 0
#else
#define GROUP_BLOCKS (INPUT_BLOCKS / GROUPS)
#define FIRST_BLOCK(tile) ((tile) * TILE_BLOCKS / (BLOCKS / GROUPS) * GROUP_BLOCKS)
#endif

// How invocations get at their weights: FETCH_WEIGHTS(first, count) announces that texels first ...
// first + count - 1 come next, WEIGHT(n) is texel first + n. `count` is known to the compiler, and `n`
// after unrolling.
//
// WEIGHTS_SHARED    the work-group copies them to shared memory
// WEIGHTS_SUBGROUP  each invocation of SUBGROUP loads another texel, and they are passed around: many
//                   drivers do not notice that all invocations read one address
// otherwise         each invocation loads each texel
//
// COOPERATIVE is defined where all invocations must take part, also those with nothing to compute.

#if defined(WEIGHTS_SHARED)
#define COOPERATIVE
shared real4 weights_shared[WEIGHTS_CHUNK];
#define FETCH_WEIGHTS(first, count)                                                              \
  barrier();                                                                                     \
  for (uint of = gl_LocalInvocationIndex; of < (count); of += GROUP_X * GROUP_Y)                 \
    weights_shared[of] = load_weights((first) + of);                                             \
  barrier();
#define WEIGHT(n) weights_shared[n]
#elif defined(WEIGHTS_SUBGROUP)
#define COOPERATIVE
#define FETCH_WEIGHTS(first, count)                                                              \
  vec4 weights_passed[((count) + SUBGROUP - 1) / SUBGROUP];                                     \
  [[unroll]] for (int of = 0; of < ((count) + SUBGROUP - 1) / SUBGROUP; ++of)                    \
    weights_passed[of] =                                                                         \
      vec4(load_weights((first) + of * SUBGROUP + gl_SubgroupInvocationID % SUBGROUP));
#define WEIGHT(n) real4(subgroupShuffle(weights_passed[(n) / SUBGROUP], uint((n) % SUBGROUP)))
#else
#define FETCH_WEIGHTS(first, count) const uint weights_first = (first);
#define WEIGHT(n) load_weights(weights_first + (n))
#endif

// sum + v[lane] * weight, for the four input channels of v.
#define MULTIPLY_ADD(sum, v, w0, w1, w2, w3)                                                     \
  sum = fma((v).xxxx, w0, sum);                                                                  \
  sum = fma((v).yyyy, w1, sum);                                                                  \
  sum = fma((v).zzzz, w2, sum);                                                                  \
  sum = fma((v).wwww, w3, sum);
