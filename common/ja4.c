#include "ja4.h"

#include "crypto.h"
#include "mem.h"
#include "num.h"

#include <stdio.h>
#include <stdlib.h>

enum { HASH_DIGITS = 12, MOST_COUNTED = 99 };
enum { EXTENSION_SNI = 0, EXTENSION_ALPN = 16 };

static const char hex[] = "0123456789abcdef";

static void put_digest(char *text, const uint8_t *digest, size_t digits)
{
    for (size_t i = 0; i < digits; i++)
        text[i] = hex[i % 2 == 0 ? digest[i / 2] >> 4 : digest[i / 2] & 15];
    text[digits] = '\0';
}

/* The values of a list of 2 bytes each, n of them, those of RFC 8701 left out. Freed by the caller.
 */
static uint16_t *values_of(struct cursor list, size_t *n)
{
    uint16_t *const all = mem_alloc(list.left / 2, sizeof *all);

    *n = 0;
    for (uint32_t i = 0; i + 2 <= list.left; i += 2) {
        const uint16_t v = be16(list.p + i);
        if (!tls_is_grease(v))
            all[(*n)++] = v;
    }
    return all;
}

/* The types of the extensions likewise. */
static uint16_t *types_of(struct cursor list, size_t *n)
{
    uint16_t *const all = mem_alloc(list.left / 4, sizeof *all);
    struct cursor body;
    uint16_t type;

    *n = 0;
    while (tls_next_extension(&list, &type, &body))
        if (!tls_is_grease(type))
            all[(*n)++] = type;
    return all;
}

static int compare(const void *a, const void *b)
{
    const uint16_t x = *(const uint16_t *)a, y = *(const uint16_t *)b;

    return (x > y) - (x < y);
}

/* Writes 4 hex digits a value, commas between. */
static char *put_values(char *p, const uint16_t *v, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (i > 0)
            *p++ = ',';
        for (int shift = 12; shift >= 0; shift -= 4)
            *p++ = hex[v[i] >> shift & 15];
    }
    return p;
}

/* The first digits of the SHA-256 of a text; zeros for an empty one. */
static bool hash_text(const char *p, size_t n, char *text)
{
    uint8_t digest[SHA256_BYTES] = {0};

    if (n > 0 && !crypto_sha256(p, n, digest))
        return false;
    put_digest(text, digest, HASH_DIGITS);
    return true;
}

static bool hash_ciphers(const struct tls_hello *h, size_t *n, char *text)
{
    uint16_t *const all = values_of(h->ciphers, n);
    char *const list = mem_alloc(*n, 5);

    if (*n > 0)
        qsort(all, *n, sizeof *all, compare);
    const bool ok = hash_text(list, (size_t)(put_values(list, all, *n) - list), text);
    free(list);
    free(all);
    return ok;
}

/* Of the types in order but SNI's and ALPN's, then the signature algorithms as they stand. */
static bool hash_extensions(const struct tls_hello *h, size_t *n, char *text)
{
    size_t kept = 0, n_signatures;
    uint16_t *const types = types_of(h->extensions, n);
    uint16_t *const signatures = values_of(h->signatures, &n_signatures);
    char *const list = mem_alloc(*n + n_signatures, 5), *p = list;

    for (size_t i = 0; i < *n; i++)
        if (types[i] != EXTENSION_SNI && types[i] != EXTENSION_ALPN)
            types[kept++] = types[i];
    if (kept > 0)
        qsort(types, kept, sizeof *types, compare);
    p = put_values(p, types, kept);
    if (n_signatures > 0)
        *p++ = '_';
    p = put_values(p, signatures, n_signatures);
    const bool ok = hash_text(list, (size_t)(p - list), text);
    free(list);
    free(signatures);
    free(types);
    return ok;
}

static const char *version_text(uint16_t version)
{
    static const struct {
        uint16_t version;
        const char *text;
    } all[] = {{0x0304, "13"}, {0x0303, "12"}, {0x0302, "11"}, {0x0301, "10"}, {0x0300, "s3"}};

    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (all[i].version == version)
            return all[i].text;
    return "00";
}

static bool is_alphanumeric(uint8_t c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/* First and last character of the first protocol, or of its hex digits. */
static void put_alpn(const struct tls_hello *h, char text[2])
{
    struct cursor list = h->alpn, name;

    text[0] = text[1] = '0';
    if (!tls_next_name(&list, &name) || name.left == 0)
        return;
    const uint8_t first = name.p[0], last = name.p[name.left - 1];
    const bool plain = is_alphanumeric(first) && is_alphanumeric(last);
    text[0] = plain ? (char)first : hex[first >> 4];
    text[1] = plain ? (char)last : hex[last & 15];
}

static unsigned counted(size_t n)
{
    return n < MOST_COUNTED ? (unsigned)n : MOST_COUNTED;
}

bool ja4(const struct tls_hello *h, char transport, char text[JA4_SIZE])
{
    char ciphers[HASH_DIGITS + 1], extensions[HASH_DIGITS + 1], alpn[2];
    size_t n_ciphers, n_extensions;

    if (!h->client || !h->whole || !crypto_there() || !hash_ciphers(h, &n_ciphers, ciphers) ||
        !hash_extensions(h, &n_extensions, extensions))
        return false;
    put_alpn(h, alpn);
    (void)snprintf(text, JA4_SIZE, "%c%s%c%02u%02u%c%c_%s_%s", transport,
                   version_text(tls_version(h)), h->has_sni ? 'd' : 'i', counted(n_ciphers),
                   counted(n_extensions), alpn[0], alpn[1], ciphers, extensions);
    return true;
}

/* Decimal numbers with dashes between. */
static char *put_decimal(char *p, const uint16_t *v, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (i > 0)
            *p++ = '-';
        p = num_put_u64(p, v[i]);
    }
    return p;
}

bool ja3(const struct tls_hello *h, char text[JA3_SIZE])
{
    enum { DIGITS = 6 }; /* of a value, with what stands before it */
    size_t n_ciphers, n_types, n_groups;
    uint8_t digest[MD5_BYTES];

    if (!h->whole || !crypto_there())
        return false;
    uint16_t *const ciphers = values_of(h->ciphers, &n_ciphers);
    uint16_t *const types = types_of(h->extensions, &n_types);
    uint16_t *const groups = values_of(h->groups, &n_groups);
    char *const list = mem_alloc(n_ciphers + n_types + n_groups + h->formats.left + 5, DIGITS);
    char *p = num_put_u64(list, h->version);
    *p++ = ',';
    p = put_decimal(p, ciphers, n_ciphers);
    *p++ = ',';
    p = put_decimal(p, types, n_types);
    if (h->client) {
        *p++ = ',';
        p = put_decimal(p, groups, n_groups);
        *p++ = ',';
        for (uint32_t i = 0; i < h->formats.left; i++) {
            if (i > 0)
                *p++ = '-';
            p = num_put_u64(p, h->formats.p[i]);
        }
    }
    const bool ok = crypto_md5(list, (size_t)(p - list), digest);
    free(list);
    free(groups);
    free(types);
    free(ciphers);
    if (ok)
        put_digest(text, digest, JA3_SIZE - 1);
    return ok;
}
