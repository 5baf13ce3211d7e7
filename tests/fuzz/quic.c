/* QUIC's first packets. Input: a byte, then where it is even datagrams behind lengths of 2 bytes,
 * else the frames of a packet that was opened (no fuzzer seals one), and the ClientHello in them.
 */
#include "quic_initial.h"

#include "mem.h"
#include "tls_hello.h"

#include <stdlib.h>
#include <string.h>

static void take(struct quic_hello *h, bool frames, const uint8_t *p, uint32_t n)
{
    uint8_t *const copy = mem_alloc(n, 1);

    if (n > 0)
        memcpy(copy, p, n);
    if (frames)
        (void)quic_hello_frames(h, copy, n);
    else
        (void)quic_hello_take(h, copy, n);
    free(copy);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct quic_hello h = {0};
    struct tls_hello tls;

    if (n < 1 || n > 20000)
        return -1;
    struct cursor c = {data + 1, (uint32_t)n - 1};
    const uint8_t *length;
    while ((length = cursor_take(&c, 2)) != NULL) {
        const uint32_t k = be16(length) < c.left ? be16(length) : c.left;
        take(&h, data[0] & 1, c.p, k);
        (void)cursor_skip(&c, k);
    }
    const uint32_t ready = assembly_ready(&h.crypto);
    if (ready > ASSEMBLY_BYTES || h.crypto.n > ASSEMBLY_ISLANDS)
        abort();
    for (unsigned i = 1; i < h.crypto.n; i++)
        if (h.crypto.islands[i].from <= h.crypto.islands[i - 1].to)
            abort();
    if (ready > 0)
        (void)tls_hello_message(h.crypto.bytes, ready, true, &tls);
    quic_hello_free(&h);
    return 0;
}
