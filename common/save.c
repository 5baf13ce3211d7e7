#include "save.h"

#include "mem.h"
#include "out.h"

#include <pcap/pcap.h>
#include <stdio.h>
#include <stdlib.h>

enum { SNAPLEN = 262144, SECOND = 1000000000 };

/* libpcap knows which number of the file format stands for a link type, so it writes the file; and
 * it writes it into a struct out, which knows how to fail. */
struct save {
    struct out *out;
    pcap_t *pcap; /* NULL until the first frame */
    pcap_dumper_t *dumper;
    uint64_t cut;
};

struct save *save_open(const char *path, struct err *e)
{
    struct save *const s = mem_zero(1, sizeof *s);

    s->out = out_open(path, e);
    if (s->out)
        return s;
    free(s);
    return NULL;
}

/* Failures are kept by the struct out: to libpcap every write succeeds. */
static ssize_t pass_on(void *out, const char *p, size_t n)
{
    out_bytes(out, p, n);
    return (ssize_t)n;
}

static bool begin(struct save *s, int link, struct err *e)
{
    FILE *const stream = fopencookie(s->out, "w", (cookie_io_functions_t){.write = pass_on});

    if (!stream)
        return err_sys(e, "fopencookie");
    s->pcap = pcap_open_dead_with_tstamp_precision(link, SNAPLEN, PCAP_TSTAMP_PRECISION_NANO);
    if (s->pcap)
        s->dumper = pcap_dump_fopen(s->pcap, stream);
    if (s->dumper)
        return true;
    (void)fclose(stream);
    return err_set(e, "can't write a capture of link type %d%s%s", link, s->pcap ? ": " : "",
                   s->pcap ? pcap_geterr(s->pcap) : "");
}

bool save_frame(struct save *s, const struct frame *f, struct err *e)
{
    if (!s->dumper && !begin(s, f->link, e))
        return false;
    if (f->link != pcap_datalink(s->pcap))
        return err_set(e,
                       "-w: a pcap file has one link type, and after %s comes %s "
                       "(-f can select, or write a file each)",
                       pcap_datalink_val_to_name(pcap_datalink(s->pcap)),
                       pcap_datalink_val_to_name(f->link));
    if (f->ts / SECOND > UINT32_MAX)
        return err_set(e, "-w: a packet is of %llu s after 1970, and a pcap file ends in 2106",
                       (unsigned long long)(f->ts / SECOND));
    const struct pcap_pkthdr h = {
        .ts = {(time_t)(f->ts / SECOND), (suseconds_t)(f->ts % SECOND)},
        .caplen = f->caplen < SNAPLEN ? f->caplen : SNAPLEN,
        .len = f->len,
    };
    s->cut += h.caplen < f->caplen;
    pcap_dump((u_char *)s->dumper, &h, f->data);
    return true;
}

uint64_t save_cut(const struct save *s)
{
    return s->cut;
}

bool save_failed(const struct save *s)
{
    return out_failed(s->out);
}

void save_flush(struct save *s)
{
    if (s->dumper)
        (void)pcap_dump_flush(s->dumper);
    (void)out_flush(s->out);
}

static void close_dumper(struct save *s)
{
    if (s->dumper)
        pcap_dump_close(s->dumper);
    if (s->pcap)
        pcap_close(s->pcap);
}

bool save_close(struct save *s, struct err *e)
{
    const bool begun = s->dumper || begin(s, DLT_EN10MB, e);

    close_dumper(s);
    const bool ok = begun && out_close(s->out, e);
    if (!begun)
        out_abandon(s->out);
    free(s);
    return ok;
}

void save_abandon(struct save *s)
{
    if (!s)
        return;
    close_dumper(s);
    out_abandon(s->out);
    free(s);
}
