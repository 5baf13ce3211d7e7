/* TLS hellos and their fingerprints. Input: how (1 byte: bit 0 the last bytes, bit 1 a bare
 * message), then the stream. */
#include "ja4.h"
#include "mem.h"

#include <stdlib.h>
#include <string.h>

/* Reads every byte that the parser says is there, so that the sanitizers see it. */
static unsigned sum_of(struct cursor c)
{
    unsigned sum = 0;

    for (uint32_t i = 0; i < c.left; i++)
        sum += c.p[i];
    return sum;
}

static void check(const struct tls_hello *h)
{
    char text3[JA3_SIZE], text4[JA4_SIZE];
    struct cursor names = h->alpn, name;
    unsigned sum = sum_of(h->ciphers) + sum_of(h->extensions) + sum_of(h->sni) +
                   sum_of(h->versions) + sum_of(h->groups) + sum_of(h->formats) +
                   sum_of(h->signatures) + tls_version(h);

    while (tls_next_name(&names, &name))
        sum += sum_of(name);
    if (ja4(h, 't', text4) && strlen(text4) != JA4_SIZE - 1)
        abort();
    if (ja3(h, text3) && strlen(text3) != JA3_SIZE - 1)
        abort();
    if (sum == 0 && h->whole && h->version == 0)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct tls_hello h;
    uint8_t *joined = NULL;

    if (n < 1 || n > 20000)
        return -1;
    /* A copy of its own, so that a read past the end is one past an allocation. */
    uint8_t *const copy = mem_alloc(n - 1, 1);
    if (n > 1)
        memcpy(copy, data + 1, n - 1);
    const bool final = data[0] & 1;
    const enum tls_status status =
        data[0] & 2 ? tls_hello_message(copy, (uint32_t)n - 1, final, &h)
                    : tls_hello_stream(copy, (uint32_t)n - 1, final, &h, &joined);
    if (status == TLS_HELLO)
        check(&h);
    free(joined);
    free(copy);
    return 0;
}
