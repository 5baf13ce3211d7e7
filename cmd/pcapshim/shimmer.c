#include "shimmer.h"

#include "mem.h"
#include "shim.h"
#include "wire.h"

#include <pcap/dlt.h>
#include <stdlib.h>
#include <string.h>

enum { ETHERNET = 14, TYPE_IPV4 = 0x0800, TYPE_IPV6 = 0x86dd };

/* A frame in the making. */
struct scratch {
    uint8_t *bytes;
    size_t cap;
};

static uint8_t *make_room(struct scratch *s, size_t n)
{
    s->bytes = mem_grow(s->bytes, &s->cap, n, 1);
    return s->bytes;
}

static bool is_raw_ip(int link)
{
    return link == DLT_RAW || link == DLT_IPV4 || link == DLT_IPV6;
}

/* Raw IP behind an Ethernet header of its own. */
static struct frame with_ethernet(const struct frame *f, struct scratch *s)
{
    const bool six = f->caplen > 0 && f->data[0] >> 4 == 6;
    uint8_t *const p = make_room(s, (size_t)f->caplen + ETHERNET);
    struct frame g = *f;

    memset(p, 0, SHIM_AT);
    put_be16(p + SHIM_AT, six ? TYPE_IPV6 : TYPE_IPV4);
    if (f->caplen > 0)
        memcpy(p + ETHERNET, f->data, f->caplen);
    g.data = p;
    g.caplen += ETHERNET;
    g.len += ETHERNET;
    g.link = DLT_EN10MB;
    return g;
}

static struct frame with_shim(const struct frame *f, struct scratch *s)
{
    uint8_t *const p = make_room(s, (size_t)f->caplen + SHIM_LENGTH);
    struct frame g = *f;

    memcpy(p, f->data, SHIM_AT);
    shim_put(p + SHIM_AT, (struct shim){f->ts, (uint32_t)(f->number - 1)});
    memcpy(p + SHIM_AT + SHIM_LENGTH, f->data + SHIM_AT, f->caplen - SHIM_AT);
    g.data = p;
    g.caplen += SHIM_LENGTH;
    g.len += SHIM_LENGTH;
    return g;
}

static struct frame without_shim(const struct frame *f, const struct shim *shim, struct scratch *s)
{
    uint8_t *const p = make_room(s, f->caplen);
    struct frame g = *f;

    g.caplen -= SHIM_LENGTH;
    g.len -= f->len < SHIM_LENGTH ? f->len : SHIM_LENGTH;
    memcpy(p, f->data, SHIM_AT);
    memcpy(p + SHIM_AT, f->data + SHIM_AT + SHIM_LENGTH, g.caplen - SHIM_AT);
    g.data = p;
    g.ts = shim->ts;
    return g;
}

/* What a run needs to hold. */
struct shimmer {
    struct save *out;
    struct shimmer_counts *counts;
    struct scratch ethernet, shimmed;
};

static bool put_frame(struct shimmer *m, const struct frame *f, struct err *e)
{
    m->counts->written++;
    return save_frame(m->out, f, e);
}

static bool strip_frame(struct shimmer *m, const struct frame *f, struct err *e)
{
    struct shim shim;

    if (f->link != DLT_EN10MB || !shim_get(f->data, f->caplen, &shim)) {
        m->counts->unshimmed++;
        return put_frame(m, f, e);
    }
    const struct frame g = without_shim(f, &shim, &m->shimmed);
    return put_frame(m, &g, e);
}

static bool shim_frame(struct shimmer *m, const struct frame *f, struct err *e)
{
    struct frame g = *f;

    if (is_raw_ip(f->link)) {
        g = with_ethernet(f, &m->ethernet);
    } else if (f->link != DLT_EN10MB) {
        m->counts->other_link++;
        return true;
    }
    if (g.caplen < ETHERNET) {
        m->counts->too_short++;
        return true;
    }
    g = with_shim(&g, &m->shimmed);
    return put_frame(m, &g, e);
}

bool shimmer_run(struct capture *in, struct save *out, const struct shimmer_options *o,
                 struct shimmer_counts *counts, struct err *e)
{
    struct shimmer m = {.out = out, .counts = counts};
    enum capture_status status;
    struct frame f;
    bool ok = true;

    while (ok && (status = capture_next(in, &f, e)) == CAPTURE_FRAME) {
        if (o->cut)
            f.len = f.caplen;
        ok = o->strip ? strip_frame(&m, &f, e) : shim_frame(&m, &f, e);
    }
    free(m.ethernet.bytes);
    free(m.shimmed.bytes);
    return ok && status == CAPTURE_END;
}
