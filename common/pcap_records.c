#include "pcap_records.h"

#include "mem.h"

#include <stdlib.h>
#include <string.h>

enum {
    HEADER = 16,   /* of a record */
    MOST = 262144, /* bytes of a sane record */
    BUFFER = 2 * (HEADER + MOST),
};

#define MICROSECONDS 0xa1b2c3d4
#define NANOSECONDS 0xa1b23c4d

struct pcap_records {
    struct source *source;
    bool swapped;
    int32_t fraction; /* ns of the unit behind the second */
    uint32_t most;
    size_t pos, end; /* what is there of the buffer */
    uint8_t buffer[BUFFER];
};

static uint32_t u32(const uint8_t *p, bool swapped)
{
    uint32_t v;

    memcpy(&v, p, sizeof v);
    return swapped ? __builtin_bswap32(v) : v;
}

static bool magic_is(const uint8_t *head, uint32_t magic, bool *swapped)
{
    *swapped = u32(head, true) == magic;
    return *swapped || u32(head, false) == magic;
}

/* By their number in files: Ethernet, raw IP, 802.11 with radiotap, Linux cooked of both versions.
 */
static bool link_is_plain(uint32_t link)
{
    return link == 1 || link == 101 || link == 127 || link == 113 || link == 276;
}

bool pcap_records_can(const uint8_t *head, size_t n)
{
    static const uint8_t version[2][4] = {{2, 0, 4, 0}, {0, 2, 0, 4}};
    bool swapped;

    if (n < SOURCE_HEAD ||
        !(magic_is(head, MICROSECONDS, &swapped) || magic_is(head, NANOSECONDS, &swapped)))
        return false;
    const bool big = swapped == (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__);
    return memcmp(head + 4, version[big], 4) == 0 && link_is_plain(u32(head + 20, swapped));
}

struct pcap_records *pcap_records_new(struct source *s, uint32_t snaplen)
{
    struct pcap_records *const r = mem_alloc(1, sizeof *r);
    size_t n;
    const uint8_t *const head = source_head(s, &n);

    r->source = s;
    r->fraction = magic_is(head, NANOSECONDS, &r->swapped) ? 1 : 1000;
    if (r->fraction == 1000)
        (void)magic_is(head, MICROSECONDS, &r->swapped);
    r->most = snaplen < MOST ? snaplen : MOST;
    r->pos = r->end = 0;
    return r;
}

void pcap_records_free(struct pcap_records *r)
{
    free(r);
}

/* Reads until n bytes are there. A read takes what there is, so that a pipe's packets come at once.
 */
static inline bool need(struct pcap_records *r, size_t n)
{
    if (r->end - r->pos >= n)
        return true;
    if (BUFFER - r->pos < n) {
        memmove(r->buffer, r->buffer + r->pos, r->end - r->pos);
        r->end -= r->pos;
        r->pos = 0;
    }
    while (r->end - r->pos < n) {
        const size_t got = source_read(r->source, r->buffer + r->end, BUFFER - r->end);
        if (got == 0)
            return false;
        r->end += got;
    }
    return true;
}

/* As libpcap takes them: seconds without a sign, the fraction with one and whatever its size. */
static uint64_t time_of(const struct pcap_records *r, const uint8_t *h)
{
    const int64_t ns = u32(h, r->swapped) * INT64_C(1000000000) +
                       (int64_t)(int32_t)u32(h + 4, r->swapped) * r->fraction;

    return ns < 0 ? 0 : (uint64_t)ns;
}

/* The header of a record that is there as a whole, or NULL. */
static const uint8_t *whole_record(struct pcap_records *r, uint32_t *caplen)
{
    if (!need(r, HEADER))
        return NULL;
    *caplen = u32(r->buffer + r->pos + 8, r->swapped);
    return *caplen <= r->most && need(r, HEADER + (size_t)*caplen) ? r->buffer + r->pos : NULL;
}

bool pcap_records_next(struct pcap_records *r, struct frame *f)
{
    const uint8_t *const h = whole_record(r, &f->caplen);

    if (!h) {
        source_unread(r->source, r->buffer + r->pos, r->end - r->pos);
        return false;
    }
    f->ts = time_of(r, h);
    f->len = u32(h + 12, r->swapped);
    f->data = h + HEADER;
    r->pos += HEADER + (size_t)f->caplen;
    return true;
}
