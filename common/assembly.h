/* The front of a stream put together from pieces that come in any order, more than once, or
 * overlapping: TCP segments, CRYPTO frames. Where pieces overlap the first one counts. */
#ifndef WEIR_ASSEMBLY_H
#define WEIR_ASSEMBLY_H

#include <stdbool.h>
#include <stdint.h>

/* Bytes of a stream, and islands of them with gaps between, that are kept at most; a piece that
 * would be one island more is dropped. */
enum { ASSEMBLY_BYTES = 16384, ASSEMBLY_ISLANDS = 8 };

/* Starts zeroed. */
struct assembly {
    uint8_t *bytes;
    uint32_t size; /* bytes allocated */
    unsigned n;
    struct island {
        uint32_t from, to;
    } islands[ASSEMBLY_ISLANDS]; /* by place, apart from each other */
};

void assembly_free(struct assembly *a);

/* A piece of n bytes that stands `at` bytes behind the stream's start. What lies past
 * ASSEMBLY_BYTES is cut off. False where the piece was dropped, or nothing of it is new. */
bool assembly_add(struct assembly *a, uint64_t at, const uint8_t *p, uint32_t n);

/* Bytes from the start on, up to the first gap. */
uint32_t assembly_ready(const struct assembly *a);

#endif
