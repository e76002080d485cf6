#include <png.h>

// Macros with parameters, which Swift does not see.

/// Whether the last call for an image failed; `message` then says why.
static inline int png_image_has_failed(const png_image *image) {
  return PNG_IMAGE_FAILED(*image);
}

/// Most bytes that the file of an image can have.
static inline size_t png_image_largest_file(const png_image *image) {
  return PNG_IMAGE_PNG_SIZE_MAX(*image);
}
