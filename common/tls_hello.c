#include "tls_hello.h"

#include "mem.h"

#include <stdlib.h>

enum { CLIENT_HELLO = 1, SERVER_HELLO = 2, HANDSHAKE_HEADER = 4 };
enum { RECORD_HANDSHAKE = 22, RECORD_HEADER = 5, RECORD_MOST = 16384 + 2048 };

enum extension {
    EXTENSION_SNI = 0,
    EXTENSION_GROUPS = 10,
    EXTENSION_FORMATS = 11,
    EXTENSION_SIGNATURES = 13,
    EXTENSION_ALPN = 16,
    EXTENSION_VERSIONS = 43,
};

/* Takes a list off *c whose length stands in `width` bytes before it. In a part of a message the
 * list may end early. */
static bool take_list(struct cursor *c, unsigned width, bool whole, struct cursor *list)
{
    const uint8_t *const h = cursor_take(c, width);

    *list = (struct cursor){c->p, 0};
    if (!h) {
        c->left = 0;
        return !whole;
    }
    const uint32_t n = width == 1 ? h[0] : be16(h);
    if (n > c->left && whole)
        return false;
    list->left = n < c->left ? n : c->left;
    return cursor_skip(c, list->left);
}

bool tls_next_extension(struct cursor *c, uint16_t *type, struct cursor *body)
{
    const uint8_t *const h = cursor_take(c, 2);

    if (!h)
        return false;
    *type = be16(h);
    return take_list(c, 2, true, body);
}

bool tls_next_name(struct cursor *c, struct cursor *name)
{
    return c->left > 0 && take_list(c, 1, true, name);
}

/* The first name of type host_name. */
static bool parse_sni(struct tls_hello *h, struct cursor body)
{
    struct cursor names;

    h->has_sni = true;
    if (body.left == 0) /* a server's */
        return true;
    if (!take_list(&body, 2, true, &names))
        return false;
    while (names.left > 0) {
        const uint8_t *const type = cursor_take(&names, 1);
        struct cursor name;
        if (!take_list(&names, 2, true, &name))
            return false;
        if (*type == 0 && h->sni.left == 0)
            h->sni = name;
    }
    return true;
}

static bool parse_alpn(struct tls_hello *h, struct cursor body)
{
    struct cursor name;

    h->has_alpn = true;
    if (!take_list(&body, 2, true, &h->alpn))
        return false;
    for (struct cursor c = h->alpn; c.left > 0;)
        if (!tls_next_name(&c, &name))
            return false;
    return true;
}

static bool parse_versions(struct tls_hello *h, struct cursor body)
{
    if (h->client)
        return take_list(&body, 1, true, &h->versions);
    h->versions = body;
    return body.left == 2;
}

static bool parse_extension(struct tls_hello *h, uint16_t type, struct cursor body)
{
    switch (type) {
    case EXTENSION_SNI:
        return parse_sni(h, body);
    case EXTENSION_ALPN:
        return parse_alpn(h, body);
    case EXTENSION_VERSIONS:
        return parse_versions(h, body);
    case EXTENSION_GROUPS:
        return take_list(&body, 2, true, &h->groups);
    case EXTENSION_FORMATS:
        return take_list(&body, 1, true, &h->formats);
    case EXTENSION_SIGNATURES:
        return take_list(&body, 2, true, &h->signatures);
    default:
        return true;
    }
}

/* In a part of a message the last extension may be cut off, and is then left out. */
static bool parse_extensions(struct tls_hello *h, struct cursor *c)
{
    struct cursor at, body;
    uint16_t type;

    if (c->left == 0)
        return true;
    if (!take_list(c, 2, h->whole, &h->extensions))
        return false;
    at = h->extensions;
    while (at.left > 0) {
        const struct cursor before = at;
        if (!tls_next_extension(&at, &type, &body)) {
            h->extensions.left -= before.left;
            return !h->whole;
        }
        if (!parse_extension(h, type, body))
            return false;
    }
    return true;
}

static bool parse_hello(struct tls_hello *h, struct cursor c)
{
    enum { RANDOM = 32 };
    const uint8_t *const version = cursor_take(&c, 2);
    struct cursor skipped;

    if (!version || version[0] != 3)
        return false;
    h->version = be16(version);
    if (!cursor_skip(&c, RANDOM))
        return !h->whole;
    if (!take_list(&c, 1, h->whole, &skipped) || skipped.left > 32)
        return false;
    if (h->client) {
        if (!take_list(&c, 2, h->whole, &h->ciphers) || !take_list(&c, 1, h->whole, &skipped))
            return false;
    } else {
        h->ciphers = (struct cursor){c.p, c.left < 2 ? c.left : 2};
        if (!cursor_skip(&c, 3) && h->whole)
            return false;
    }
    return (h->ciphers.left % 2 == 0 || !h->whole) && parse_extensions(h, &c);
}

enum tls_status tls_hello_message(const uint8_t *p, uint32_t n, bool final, struct tls_hello *h)
{
    if (n == 0)
        return final ? TLS_NOT : TLS_MORE;
    if (p[0] != CLIENT_HELLO && p[0] != SERVER_HELLO)
        return TLS_NOT;
    if (n >= HANDSHAKE_HEADER + 1 && p[HANDSHAKE_HEADER] != 3)
        return TLS_NOT;
    const uint32_t length = n < HANDSHAKE_HEADER ? UINT32_MAX : be32(p) & 0xffffff;
    const bool whole = length <= n - HANDSHAKE_HEADER && n >= HANDSHAKE_HEADER;
    if (!whole && !final)
        return TLS_MORE;
    if (n < HANDSHAKE_HEADER)
        return TLS_NOT;
    *h = (struct tls_hello){.client = p[0] == CLIENT_HELLO, .whole = whole};
    const struct cursor c = {p + HANDSHAKE_HEADER, whole ? length : n - HANDSHAKE_HEADER};
    return parse_hello(h, c) ? TLS_HELLO : TLS_NOT;
}

/* Whether bytes may be the header of a handshake record, as far as they are there. */
static bool is_handshake(const uint8_t *p, uint32_t n)
{
    if ((n > 0 && p[0] != RECORD_HANDSHAKE) || (n > 1 && p[1] != 3) || (n > 2 && p[2] > 4))
        return false;
    return n < RECORD_HEADER || (be16(p + 3) > 0 && be16(p + 3) <= RECORD_MOST);
}

/* What handshake records hold, one after the other; *n of them, *cut: the last is not whole. */
static uint8_t *join(const uint8_t *p, uint32_t n, uint32_t *joined)
{
    uint8_t *const bytes = mem_alloc(n, 1);

    *joined = 0;
    while (n > RECORD_HEADER && is_handshake(p, n)) {
        const uint32_t said = be16(p + 3), there = n - RECORD_HEADER;
        const uint32_t length = said < there ? said : there;
        memcpy(bytes + *joined, p + RECORD_HEADER, length);
        *joined += length;
        p += RECORD_HEADER + length;
        n -= RECORD_HEADER + length;
    }
    return bytes;
}

enum tls_status tls_hello_stream(const uint8_t *p, uint32_t n, bool final, struct tls_hello *h,
                                 uint8_t **joined)
{
    *joined = NULL;
    if (!is_handshake(p, n))
        return TLS_NOT;
    if (n <= RECORD_HEADER)
        return final ? TLS_NOT : TLS_MORE;
    const uint32_t length = be16(p + 3), there = n - RECORD_HEADER;
    if (length >= there) /* a single record so far */
        return tls_hello_message(p + RECORD_HEADER, there, final, h);
    enum tls_status status = tls_hello_message(p + RECORD_HEADER, length, false, h);
    if (status != TLS_MORE)
        return status;
    uint32_t all;
    *joined = join(p, n, &all);
    return tls_hello_message(*joined, all, final, h);
}

uint16_t tls_version(const struct tls_hello *h)
{
    uint16_t greatest = 0;

    for (uint32_t i = 0; i + 2 <= h->versions.left; i += 2) {
        const uint16_t v = be16(h->versions.p + i);
        if (v > greatest && !tls_is_grease(v))
            greatest = v;
    }
    return greatest ? greatest : h->version;
}
