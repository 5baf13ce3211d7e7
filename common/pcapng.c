#include "pcapng.h"

#include "mem.h"

#include <byteswap.h>
#include <pcap/dlt.h>
#include <stdlib.h>
#include <string.h>

enum block_type {
    BLOCK_INTERFACE = 1,
    BLOCK_PACKET = 2, /* obsolete */
    BLOCK_SIMPLE_PACKET = 3,
    BLOCK_ENHANCED_PACKET = 6,
    BLOCK_SECTION = 0x0a0d0d0a, /* reads the same in both byte orders */
};

enum option_code {
    OPTION_END = 0,
    OPTION_TSRESOL = 9,
    OPTION_TSOFFSET = 14,
};

enum {
    ORDER_MAGIC = 0x1a2b3c4d,
    FRAMING = 12,                 /* type and length in front, length behind */
    MOST_BODY = 16 * 1024 * 1024, /* of a block whose content is needed */
    MOST_INTERFACES = 65536,      /* in a section */
};

struct interface {
    int link;
    uint32_t snaplen; /* 0: unlimited */
    uint64_t units;   /* of the time, a second */
    int64_t offset;   /* seconds to add to the time */
};

struct pcapng {
    FILE *in;
    bool swapped, in_section;
    struct interface *interfaces;
    size_t n_interfaces, cap_interfaces;
    uint8_t *body;
    size_t cap_body;
    uint64_t offset, next_offset; /* of the block being read, for messages, and of the one after */
};

/* A block without its framing. */
struct block {
    uint32_t type;
    uint32_t n; /* bytes of the body */
    const uint8_t *body;
};

bool pcapng_is(const uint8_t *head, size_t n)
{
    return n >= 4 && memcmp(head, "\n\r\r\n", 4) == 0;
}

struct pcapng *pcapng_new(FILE *in)
{
    struct pcapng *const r = mem_zero(1, sizeof *r);

    r->in = in;
    return r;
}

void pcapng_close(struct pcapng *r)
{
    if (!r)
        return;
    (void)fclose(r->in);
    free(r->interfaces);
    free(r->body);
    free(r);
}

static uint16_t get16(const struct pcapng *r, const uint8_t *p)
{
    uint16_t v;

    memcpy(&v, p, sizeof v);
    return r->swapped ? bswap_16(v) : v;
}

static uint32_t get32(const struct pcapng *r, const uint8_t *p)
{
    uint32_t v;

    memcpy(&v, p, sizeof v);
    return r->swapped ? bswap_32(v) : v;
}

static uint64_t get64(const struct pcapng *r, const uint8_t *p)
{
    uint64_t v;

    memcpy(&v, p, sizeof v);
    return r->swapped ? bswap_64(v) : v;
}

static bool bad_block(const struct pcapng *r, const char *what, struct err *e)
{
    return err_set(e, "pcapng block at byte %llu: %s", (unsigned long long)r->offset, what);
}

static bool read_bytes(struct pcapng *r, void *p, size_t n, struct err *e)
{
    return fread(p, 1, n, r->in) == n || bad_block(r, "the file ends inside it", e);
}

static bool skip_bytes(struct pcapng *r, size_t n, struct err *e)
{
    uint8_t scratch[4096];

    while (n > 0) {
        const size_t k = n < sizeof scratch ? n : sizeof scratch;
        if (!read_bytes(r, scratch, k, e))
            return false;
        n -= k;
    }
    return true;
}

/* The byte order of a section stands in its first block, whose length can't be read before. */
static bool read_order(struct pcapng *r, struct err *e)
{
    uint8_t magic[4];

    if (!read_bytes(r, magic, sizeof magic, e))
        return false;
    r->swapped = false;
    if (get32(r, magic) == ORDER_MAGIC)
        return true;
    r->swapped = true;
    return get32(r, magic) == ORDER_MAGIC ||
           bad_block(r, "a section header without the byte-order magic", e);
}

static bool wanted(uint32_t type)
{
    return type == BLOCK_SECTION || type == BLOCK_INTERFACE || type == BLOCK_PACKET ||
           type == BLOCK_SIMPLE_PACKET || type == BLOCK_ENHANCED_PACKET;
}

/* Reads what comes after the first length, of which `had` bytes have been read already, and the
 * second length. Of blocks that say nothing to us the body is passed over, however long. */
static bool read_body(struct pcapng *r, struct block *b, size_t had, uint32_t *length,
                      struct err *e)
{
    enum { TAIL = 4 };
    uint8_t tail[TAIL];

    if (b->n < had)
        return bad_block(r, "too short", e);
    if (!wanted(b->type)) {
        if (!skip_bytes(r, b->n, e) || !read_bytes(r, tail, TAIL, e))
            return false;
        *length = get32(r, tail);
        return true;
    }
    if (b->n > MOST_BODY)
        return bad_block(r, "longer than 16 MiB", e);
    r->body = mem_grow(r->body, &r->cap_body, b->n + TAIL, 1);
    memset(r->body, 0, had);
    b->body = r->body;
    if (!read_bytes(r, r->body + had, b->n - had + TAIL, e))
        return false;
    *length = get32(r, r->body + b->n);
    return true;
}

static enum capture_status read_block(struct pcapng *r, struct block *b, struct err *e)
{
    uint8_t head[8];
    uint32_t again = 0;
    size_t had = 0;

    r->offset = r->next_offset;
    const size_t got = fread(head, 1, sizeof head, r->in);
    if (got == 0)
        return CAPTURE_END;
    if (got < sizeof head) {
        bad_block(r, "the file ends inside it", e);
        return CAPTURE_BAD;
    }
    b->type = get32(r, head);
    if (b->type == BLOCK_SECTION) {
        if (!read_order(r, e))
            return CAPTURE_BAD;
        had = 4;
    }
    const uint32_t length = get32(r, head + 4);
    if (length < FRAMING || length % 4 != 0) {
        err_set(e, "pcapng block at byte %llu: its length is %lu (at least 12, a multiple of 4)",
                (unsigned long long)r->offset, (unsigned long)length);
        return CAPTURE_BAD;
    }
    b->n = length - FRAMING;
    if (!read_body(r, b, had, &again, e))
        return CAPTURE_BAD;
    if (again != length) {
        bad_block(r, "its two lengths differ", e);
        return CAPTURE_BAD;
    }
    r->next_offset += length;
    return CAPTURE_FRAME;
}

static bool take_section(struct pcapng *r, const struct block *b, struct err *e)
{
    if (b->n < 16)
        return bad_block(r, "too short for a section header", e);
    const unsigned major = get16(r, b->body + 4), minor = get16(r, b->body + 6);
    /* Some writers put 1.2 where they mean 1.0; the specification says to take it. */
    if (major != 1 || (minor != 0 && minor != 2))
        return err_set(e, "pcapng version %u.%u (only 1.0 is known)", major, minor);
    r->in_section = true;
    r->n_interfaces = 0;
    return true;
}

/* Link types in files differ from DLT_… where systems disagree on the number. */
static int link_of(uint16_t linktype)
{
    switch (linktype) {
    case 100:
        return DLT_ATM_RFC1483;
    case 101:
        return DLT_RAW;
    case 102:
        return DLT_SLIP_BSDOS;
    case 103:
        return DLT_PPP_BSDOS;
    case 106:
        return DLT_ATM_CLIP;
    default:
        return linktype;
    }
}

/* The exponent's top bit says base 2, else base 10. */
static bool take_resolution(const struct pcapng *r, uint8_t v, struct interface *i, struct err *e)
{
    const unsigned exponent = v & 0x7f;

    i->units = 1;
    if (v & 0x80) {
        if (exponent > 63)
            return bad_block(r, "a time resolution finer than 2^-63 s", e);
        i->units <<= exponent;
        return true;
    }
    if (exponent > 19)
        return bad_block(r, "a time resolution finer than 10^-19 s", e);
    for (unsigned k = 0; k < exponent; k++)
        i->units *= 10;
    return true;
}

static bool take_option(const struct pcapng *r, unsigned code, const uint8_t *value, size_t n,
                        struct interface *i, struct err *e)
{
    if (code == OPTION_TSRESOL)
        return n == 1 ? take_resolution(r, value[0], i, e)
                      : bad_block(r, "an if_tsresol that is not 1 byte long", e);
    if (code == OPTION_TSOFFSET) {
        if (n != 8)
            return bad_block(r, "an if_tsoffset that is not 8 bytes long", e);
        i->offset = (int64_t)get64(r, value);
    }
    return true;
}

static bool take_options(const struct pcapng *r, const uint8_t *p, size_t left, struct interface *i,
                         struct err *e)
{
    while (left >= 4) {
        const unsigned code = get16(r, p);
        const size_t n = get16(r, p + 2), padded = (n + 3) & ~(size_t)3;
        if (code == OPTION_END)
            break;
        if (padded > left - 4)
            return bad_block(r, "an option runs over the end of the block", e);
        if (!take_option(r, code, p + 4, n, i, e))
            return false;
        p += 4 + padded;
        left -= 4 + padded;
    }
    return true;
}

static bool take_interface(struct pcapng *r, const struct block *b, struct err *e)
{
    if (b->n < 8)
        return bad_block(r, "too short for an interface", e);
    if (r->n_interfaces == MOST_INTERFACES)
        return bad_block(r, "more than 65536 interfaces in a section", e);
    struct interface i = {
        .link = link_of(get16(r, b->body)),
        .snaplen = get32(r, b->body + 4),
        .units = 1000000,
    };
    if (!take_options(r, b->body + 8, b->n - 8, &i, e))
        return false;
    r->interfaces =
        mem_grow(r->interfaces, &r->cap_interfaces, r->n_interfaces + 1, sizeof *r->interfaces);
    r->interfaces[r->n_interfaces++] = i;
    return true;
}

/* Nanoseconds since the epoch, at least 0 and at most what 64 bits hold (until the year 2554). */
static uint64_t time_of(const struct interface *i, uint64_t t)
{
    __extension__ typedef __int128 wide;
    const wide second = 1000000000;

    if (i->offset == 0 && i->units == 1000000000)
        return t;
    const wide ns = ((wide)(t / i->units) + i->offset) * second +
                    (wide)(t % i->units) * second / (wide)i->units;
    return ns < 0 ? 0 : ns > UINT64_MAX ? UINT64_MAX : (uint64_t)ns;
}

/* A packet of interface `id`; both kinds have time, lengths and data at the same places. */
static bool take_packet(const struct pcapng *r, const struct block *b, uint32_t id, struct frame *f,
                        struct err *e)
{
    enum { BEFORE_DATA = 20 };

    if (id >= r->n_interfaces)
        return err_set(e, "pcapng block at byte %llu: interface %lu, and %zu are described",
                       (unsigned long long)r->offset, (unsigned long)id, r->n_interfaces);
    const struct interface *const i = &r->interfaces[id];
    const uint64_t high = get32(r, b->body + 4), low = get32(r, b->body + 8);
    f->ts = time_of(i, high << 32 | low);
    f->caplen = get32(r, b->body + 12);
    f->len = get32(r, b->body + 16);
    f->link = i->link;
    f->data = b->body + BEFORE_DATA;
    return f->caplen <= b->n - BEFORE_DATA ||
           bad_block(r, "the packet is longer than its block", e);
}

static bool take_simple_packet(const struct pcapng *r, const struct block *b, struct frame *f,
                               struct err *e)
{
    if (r->n_interfaces == 0)
        return bad_block(r, "a packet before any interface", e);
    const struct interface *const i = &r->interfaces[0];
    const uint32_t room = b->n - 4;
    f->ts = 0;
    f->len = get32(r, b->body);
    f->caplen = f->len < room ? f->len : room;
    if (i->snaplen > 0 && f->caplen > i->snaplen)
        f->caplen = i->snaplen;
    f->link = i->link;
    f->data = b->body + 4;
    return true;
}

static bool too_short(const struct block *b)
{
    return b->n < (b->type == BLOCK_SIMPLE_PACKET ? 4 : 20);
}

/* What a block other than a section header or an interface is to the caller. */
static enum capture_status take_other(const struct pcapng *r, const struct block *b,
                                      struct frame *f, struct err *e)
{
    bool good;

    if (too_short(b)) {
        bad_block(r, "too short for a packet", e);
        return CAPTURE_BAD;
    }
    if (b->type == BLOCK_SIMPLE_PACKET)
        good = take_simple_packet(r, b, f, e);
    else if (b->type == BLOCK_PACKET)
        good = take_packet(r, b, get16(r, b->body), f, e);
    else
        good = take_packet(r, b, get32(r, b->body), f, e);
    return good ? CAPTURE_FRAME : CAPTURE_BAD;
}

enum capture_status pcapng_next(struct pcapng *r, struct frame *f, struct err *e)
{
    for (;;) {
        struct block b = {0};
        const enum capture_status status = read_block(r, &b, e);
        if (status != CAPTURE_FRAME)
            return status;
        if (b.type == BLOCK_SECTION) {
            if (!take_section(r, &b, e))
                return CAPTURE_BAD;
        } else if (!r->in_section) {
            bad_block(r, "comes before any section header", e);
            return CAPTURE_BAD;
        } else if (b.type == BLOCK_INTERFACE) {
            if (!take_interface(r, &b, e))
                return CAPTURE_BAD;
        } else if (wanted(b.type)) {
            return take_other(r, &b, f, e);
        }
    }
}
