#include "quic_initial.h"

#include "mem.h"

#include <stdio.h>
#include <stdlib.h>

enum { SALT_BYTES = 20, SAMPLE_BYTES = 16 };

/* By the version that began with it. */
struct salt {
    uint32_t first, last;
    uint8_t bytes[SALT_BYTES];
};

static const struct salt salts[] = {
    {QUIC_V1, QUIC_V1, {0x38, 0x76, 0x2c, 0xf7, 0xf5, 0x59, 0x34, 0xb3, 0x4d, 0x17,
                        0x9a, 0xe6, 0xa4, 0xc8, 0x0c, 0xad, 0xcc, 0xbb, 0x7f, 0x0a}},
    {QUIC_V2, QUIC_V2, {0x0d, 0xed, 0xe3, 0xde, 0xf7, 0x00, 0xa6, 0xdb, 0x81, 0x93,
                        0x81, 0xbe, 0x6e, 0x26, 0x9d, 0xcb, 0xf9, 0xbd, 0x2e, 0xd9}},
    {0xff000021, 0xff000022, {0x38, 0x76, 0x2c, 0xf7, 0xf5, 0x59, 0x34, 0xb3, 0x4d, 0x17,
                              0x9a, 0xe6, 0xa4, 0xc8, 0x0c, 0xad, 0xcc, 0xbb, 0x7f, 0x0a}},
    {0xff00001d, 0xff000020, {0xaf, 0xbf, 0xec, 0x28, 0x99, 0x93, 0xd2, 0x4c, 0x9e, 0x97,
                              0x86, 0xf1, 0x9c, 0x61, 0x11, 0xe0, 0x43, 0x90, 0xa8, 0x99}},
    {0xff000017, 0xff00001c, {0xc3, 0xee, 0xf7, 0x12, 0xc7, 0x2e, 0xbb, 0x5a, 0x11, 0xa7,
                              0xd2, 0x43, 0x2b, 0xb4, 0x63, 0x65, 0xbe, 0xf9, 0xf5, 0x02}},
    {0xff000016, 0xff000016, {0x7f, 0xbc, 0xdb, 0x0e, 0x7c, 0x66, 0xbb, 0xe9, 0x19, 0x3a,
                              0x96, 0xcd, 0x21, 0x51, 0x9e, 0xbd, 0x7a, 0x02, 0x64, 0x4a}},
    {0xfaceb001, 0xfaceb001, {0x7f, 0xbc, 0xdb, 0x0e, 0x7c, 0x66, 0xbb, 0xe9, 0x19, 0x3a,
                              0x96, 0xcd, 0x21, 0x51, 0x9e, 0xbd, 0x7a, 0x02, 0x64, 0x4a}},
    {0xfaceb002, 0xfaceb002, {0xc3, 0xee, 0xf7, 0x12, 0xc7, 0x2e, 0xbb, 0x5a, 0x11, 0xa7,
                              0xd2, 0x43, 0x2b, 0xb4, 0x63, 0x65, 0xbe, 0xf9, 0xf5, 0x02}},
    {0xfaceb00e, 0xfaceb00e, {0xc3, 0xee, 0xf7, 0x12, 0xc7, 0x2e, 0xbb, 0x5a, 0x11, 0xa7,
                              0xd2, 0x43, 0x2b, 0xb4, 0x63, 0x65, 0xbe, 0xf9, 0xf5, 0x02}},
};

static const struct salt *salt_of(uint32_t version)
{
    for (size_t i = 0; i < sizeof salts / sizeof *salts; i++)
        if (version >= salts[i].first && version <= salts[i].last)
            return &salts[i];
    return NULL;
}

/* A number whose two highest bits say how many bytes it has. */
static bool take_number(struct cursor *c, uint64_t *v)
{
    const uint8_t *const first = cursor_peek(c, 1);
    const uint8_t *const p = first ? cursor_take(c, 1U << (*first >> 6)) : NULL;

    if (!p)
        return false;
    *v = *p & 0x3f;
    for (unsigned i = 1; i < 1U << (*p >> 6); i++)
        *v = *v << 8 | p[i];
    return true;
}

static bool take_id(struct cursor *c, struct cursor *id)
{
    const uint8_t *const n = cursor_take(c, 1);

    if (!n || *n > QUIC_ID_MOST || *n > c->left)
        return false;
    *id = (struct cursor){c->p, *n};
    return cursor_skip(c, *n);
}

enum packet_type { PACKET_INITIAL, PACKET_ZERO_RTT, PACKET_HANDSHAKE, PACKET_RETRY };

static enum packet_type type_of(uint8_t first, uint32_t version)
{
    const unsigned bits = first >> 4 & 3;

    return (enum packet_type)(version == QUIC_V2 ? (bits + 3) % 4 : bits);
}

bool quic_packet_at(const uint8_t *p, uint32_t n, struct quic_packet *q)
{
    struct cursor c = {p, n}, source;
    const uint8_t *const h = cursor_take(&c, 5);
    uint64_t length;

    if (!h || !(h[0] & 0x80))
        return false;
    q->p = p;
    q->n = n;
    q->version = be32(h + 1);
    if (!salt_of(q->version) || !take_id(&c, &q->destination) || !take_id(&c, &source))
        return false;
    const enum packet_type type = type_of(h[0], q->version);
    q->initial = type == PACKET_INITIAL;
    if (type == PACKET_RETRY)
        return true;
    if (q->initial) {
        if (!take_number(&c, &length) || length > c.left)
            return false;
        (void)cursor_skip(&c, (uint32_t)length); /* the token */
    }
    if (!take_number(&c, &length) || length > c.left)
        return false;
    q->number = n - c.left;
    q->n = q->number + (uint32_t)length;
    return true;
}

/* HKDF-Expand-Label of TLS 1.3 without context, up to one block. */
static bool expand(const uint8_t *secret, const char *label, uint8_t *out, size_t n)
{
    uint8_t info[64], block[SHA256_BYTES];
    const int written = snprintf((char *)info + 3, sizeof info - 5, "tls13 %s", label);

    if (written < 0 || (size_t)written >= sizeof info - 5)
        return false;
    const size_t label_n = (size_t)written;
    info[0] = 0;
    info[1] = (uint8_t)n;
    info[2] = (uint8_t)label_n;
    info[3 + label_n] = 0; /* no context */
    info[4 + label_n] = 1; /* the first block */
    if (!crypto_hmac_sha256(secret, SHA256_BYTES, info, label_n + 5, block))
        return false;
    memcpy(out, block, n);
    return true;
}

bool quic_client_keys(uint32_t version, struct cursor destination, struct quic_keys *k)
{
    const struct salt *const salt = salt_of(version);
    const bool v2 = version == QUIC_V2;
    uint8_t initial[SHA256_BYTES], client[SHA256_BYTES];

    return salt &&
           crypto_hmac_sha256(salt->bytes, SALT_BYTES, destination.p, destination.left, initial) &&
           expand(initial, "client in", client, sizeof client) &&
           expand(client, v2 ? "quicv2 key" : "quic key", k->key, sizeof k->key) &&
           expand(client, v2 ? "quicv2 iv" : "quic iv", k->nonce, sizeof k->nonce) &&
           expand(client, v2 ? "quicv2 hp" : "quic hp", k->header, sizeof k->header);
}

uint32_t quic_open(const struct quic_keys *k, const struct quic_packet *q, uint8_t *text)
{
    enum { NUMBER_MOST = 4 };
    const uint32_t at = q->number;
    uint8_t mask[AES128_BYTES], nonce[sizeof k->nonce];

    if (!q->initial || q->n - at < NUMBER_MOST + SAMPLE_BYTES ||
        !crypto_aes128(k->header, q->p + at + NUMBER_MOST, mask))
        return 0;
    uint8_t *const header = mem_alloc(at + NUMBER_MOST, 1);
    memcpy(header, q->p, at + NUMBER_MOST);
    header[0] ^= mask[0] & 0x0f;
    const uint32_t number_n = (header[0] & 3U) + 1;
    memcpy(nonce, k->nonce, sizeof nonce);
    for (uint32_t i = 0; i < number_n; i++) {
        header[at + i] ^= mask[1 + i];
        nonce[sizeof nonce - number_n + i] ^= header[at + i];
    }
    const uint32_t header_n = at + number_n, n = q->n - header_n;
    const bool opened = crypto_open_gcm(k->key, nonce, header, header_n, q->p + header_n, n, text);
    free(header);
    return opened ? n - GCM_TAG_BYTES : 0;
}

void quic_hello_free(struct quic_hello *h)
{
    assembly_free(&h->crypto);
}

enum frame {
    FRAME_PADDING,
    FRAME_PING,
    FRAME_ACK,
    FRAME_ACK_ECN,
    FRAME_CRYPTO = 6,
    FRAME_CLOSE = 28
};

static bool skip_numbers(struct cursor *c, uint64_t n)
{
    uint64_t v;

    for (uint64_t i = 0; i < n; i++)
        if (!take_number(c, &v))
            return false;
    return true;
}

static bool skip_ack(struct cursor *c, bool ecn)
{
    uint64_t ranges;

    return skip_numbers(c, 2) && take_number(c, &ranges) && skip_numbers(c, 1) &&
           ranges <= c->left && skip_numbers(c, ranges * 2) && skip_numbers(c, ecn ? 3 : 0);
}

static bool add_crypto(struct quic_hello *h, struct cursor *c)
{
    uint64_t at, n;

    if (!take_number(c, &at) || !take_number(c, &n) || n > c->left)
        return false;
    (void)assembly_add(&h->crypto, at, c->p, (uint32_t)n);
    return cursor_skip(c, (uint32_t)n);
}

bool quic_hello_frames(struct quic_hello *h, const uint8_t *p, uint32_t n)
{
    struct cursor c = {p, n};

    while (c.left > 0) {
        const uint8_t type = *c.p;
        (void)cursor_skip(&c, 1);
        if (type == FRAME_PADDING || type == FRAME_PING)
            continue;
        if (type == FRAME_CLOSE)
            return true; /* the last one that is of interest */
        const bool ok = type == FRAME_CRYPTO ? add_crypto(h, &c)
                        : type == FRAME_ACK || type == FRAME_ACK_ECN
                            ? skip_ack(&c, type == FRAME_ACK_ECN)
                            : false;
        if (!ok)
            return false;
    }
    return true;
}

static bool take_packet(struct quic_hello *h, const struct quic_packet *q, uint8_t *text)
{
    struct quic_keys own;
    uint32_t n = 0;

    if (h->has_keys && h->version == q->version)
        n = quic_open(&h->keys, q, text);
    if (n == 0) {
        if (!quic_client_keys(q->version, q->destination, &own))
            return false;
        n = quic_open(&own, q, text);
        if (n == 0)
            return false;
        h->keys = own;
        h->has_keys = true;
        h->version = q->version;
    }
    (void)quic_hello_frames(h, text, n);
    return true;
}

bool quic_hello_take(struct quic_hello *h, const uint8_t *p, uint32_t n)
{
    struct quic_packet q;
    uint8_t *text = NULL;
    bool opened = false;

    while (n > 0 && quic_packet_at(p, n, &q)) {
        if (q.initial) {
            text = text ? text : mem_alloc(n, 1);
            opened |= take_packet(h, &q, text);
        }
        p += q.n;
        n -= q.n;
    }
    free(text);
    return opened;
}
