/* gzip and zstd data, uncompressed as it is read. Built without zlib or libzstd, the kind that
 * lacks its library is refused with a message that says so. */
#ifndef WEIR_DECOMPRESS_H
#define WEIR_DECOMPRESS_H

#include "err.h"

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum compression {
    COMPRESSION_NONE,
    COMPRESSION_GZIP,
    COMPRESSION_ZSTD,
};

/* By the first bytes of the data. */
enum compression compression_of(const uint8_t *head, size_t n);

/* Where the compressed bytes come from: up to n bytes at buf; 0 at the end, -1 with *e. */
typedef ssize_t decompress_input(void *from, void *buf, size_t n, struct err *e);

struct decompress;

/* NULL with *e. Freed with decompress_free(). */
struct decompress *decompress_new(enum compression kind, decompress_input *input, void *from,
                                  struct err *e);
void decompress_free(struct decompress *d);

/* Up to n (> 0) bytes at buf; 0 at the end; -1 with *e when the data is wrong or ends early. What
 * came before an error has been handed out by earlier calls. */
ssize_t decompress_read(struct decompress *d, void *buf, size_t n, struct err *e);

#endif
