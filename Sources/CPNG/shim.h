#include <png.h>

// A macro with parameters, which Swift does not see.

/// Most bytes that the file of an image can have.
static inline size_t png_image_largest_file(const png_image *image) {
  return PNG_IMAGE_PNG_SIZE_MAX(*image);
}
