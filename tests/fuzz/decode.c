/* Packet decoding. Input: link type (2 bytes, big-endian), decapsulation (1), frame bytes. */
#include "decode.h"

#include <stdlib.h>
#include <string.h>

/* The link types that Weir reads, so that the fuzzer need not find them. */
static const int links[] = {0,   1,   9,   12,  50,  51,  101, 104, 105, 108,
                            113, 119, 127, 163, 192, 204, 228, 229, 276};

/* Reads every byte that the decoder says is there, so that the sanitizers see it. */
static void check(const struct packet *p)
{
    unsigned sum = 0;

    for (uint32_t i = 0; i < p->payload_caplen; i++)
        sum += p->payload[i];
    if (sum > 255u * p->payload_caplen || p->payload_caplen > p->payload_len ||
        p->payload_len > p->len || (p->ip_version != 4 && p->ip_version != 6) ||
        (p->later_fragment && (p->src_port || p->dst_port)))
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct packet p;

    if (n < 3 || n > 70000)
        return -1;
    /* A copy of its own, so that a read past the end is one past an allocation. */
    uint8_t *const copy = malloc(n - 3 + 1);
    if (!copy)
        abort();
    memcpy(copy, data + 3, n - 3);
    const unsigned word = (unsigned)data[0] << 8 | data[1];
    const struct frame f = {
        .data = copy,
        .caplen = (uint32_t)(n - 3),
        .len = (uint32_t)(n - 3) + (data[2] & 0xf0) * 16u,
        .link = word < 0x8000 ? (int)word : links[word % (sizeof links / sizeof *links)],
    };
    if (decode_frame(&f, data[2] & 1, &p) == DECODE_IP)
        check(&p);
    free(copy);
    return 0;
}
