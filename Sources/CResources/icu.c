#include <stdint.h>

// Foundation carries 34 MB of the world's languages, calendars and currencies. srprof speaks none of them: numbers
// and texts are the same everywhere. A linker that finds this symbol here leaves those tables out; where the name is
// another, as it will be with another version of ICU, they are merely in.
//
// An empty table of contents in ICU's format (ICU User Guide, "ICU Data", and ucmndata.h): a header of 32 bytes with
// magic numbers and the kind "ToCP", then no entries.
const struct {
  uint16_t header_bytes;
  uint8_t magic[2];
  uint16_t info_bytes, reserved;
  uint8_t is_big_endian, charset_family, bytes_of_character, reserved_byte;
  uint8_t format[4], format_version[4], data_version[4];
  uint8_t padding[8];
  uint32_t entries, reserved_word, nothing[4];
} icudt76_dat __attribute__((aligned(16))) = {
    .header_bytes = 32,
    .magic = {0xda, 0x27},
    .info_bytes = 20,
    .bytes_of_character = 2,
    .format = {'T', 'o', 'C', 'P'},
    .format_version = {1},
};
