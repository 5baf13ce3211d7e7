/* A place in captured bytes: copy out and move on, or fail and stay. Nothing can be read past the
 * end, and no comparison can overflow. */
#ifndef WEIR_CURSOR_H
#define WEIR_CURSOR_H

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

/* Big-endian numbers, as in packets, at bytes known to be there. */
static inline uint16_t be16(const uint8_t *p)
{
    return (uint16_t)(p[0] << 8 | p[1]);
}

static inline uint32_t be32(const uint8_t *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

/* Little-endian ones. */
static inline uint16_t le16(const uint8_t *p)
{
    return (uint16_t)(p[1] << 8 | p[0]);
}

static inline uint32_t le32(const uint8_t *p)
{
    return (uint32_t)p[3] << 24 | (uint32_t)p[2] << 16 | (uint32_t)p[1] << 8 | p[0];
}

#endif
