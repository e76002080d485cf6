// Linked into workers for Android besides.
#include <stdint.h>
#include <stdlib.h>

extern int __real_posix_memalign(void **pointer, size_t alignment, size_t count);
extern void __real_free(void *pointer);

// Since Android 11 the allocator marks pointers to the heap in their top byte, where the embedded Swift runtime
// keeps a count. Pointers are given out without the mark, and the marked one lies in front of the block.
int __wrap_posix_memalign(void **pointer, size_t alignment, size_t count) {
  size_t head = alignment < 16 ? 16 : alignment;
  void *whole;
  int result = __real_posix_memalign(&whole, head, count + head);
  if (result != 0) return result;
  char *plain = (char *)((uintptr_t)whole & ~((uintptr_t)0xFF << 56)) + head;
  ((void **)plain)[-1] = whole;
  *pointer = plain;
  return 0;
}

void __wrap_free(void *pointer) {
  if (pointer) __real_free(((void **)pointer)[-1]);
}

// Code for no operating system looks for its stack guard here.
uintptr_t __stack_chk_guard = 0x00000aff0a0d0000;
