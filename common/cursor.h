/* A place in captured bytes: copy out and move on, or fail and stay. Nothing can be read past the
 * end, and no comparison can overflow. */
#ifndef WEIR_CURSOR_H
#define WEIR_CURSOR_H

#include "wire.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

struct cursor {
    const uint8_t *p;
    uint32_t left; /* captured bytes at p */
};

static inline bool cursor_skip(struct cursor *c, uint32_t n)
{
    if (c->left < n)
        return false;
    c->p += n;
    c->left -= n;
    return true;
}

/* The n bytes at the cursor, which moves past them; NULL when there are fewer. */
static inline const uint8_t *cursor_take(struct cursor *c, uint32_t n)
{
    const uint8_t *const p = c->p;

    return cursor_skip(c, n) ? p : NULL;
}

/* The same without moving. */
static inline const uint8_t *cursor_peek(const struct cursor *c, uint32_t n)
{
    return c->left < n ? NULL : c->p;
}

/* Forgets what lies more than n bytes ahead. */
static inline void cursor_limit(struct cursor *c, uint32_t n)
{
    if (c->left > n)
        c->left = n;
}

#endif
