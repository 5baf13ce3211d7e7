#include "capture.h"

#include "foreign.h"
#include "mem.h"
#include "pcap_records.h"
#include "pcapng.h"
#include "source.h"
#include "wall.h"

#include <pcap/pcap.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One of pcap and pcapng is set. */
struct capture {
    char *path;
    struct source *source; /* NULL: live */
    struct tap *tap;       /* NULL: a file */
    pcap_t *pcap;          /* the tap's, if there is one */
    struct pcapng *pcapng;
    struct pcap_records *records; /* NULL: pcap reads them itself */
    bool handed_over;             /* it goes on behind those */
    FILE *stream;                 /* what pcap reads; it closes it */
    int link, precision;          /* of pcap */
    uint64_t frames;
    uint64_t early; /* frames that were not ours */
    volatile sig_atomic_t stopped;
    uint64_t stop_time; /* live, once that was seen: no frame from after it; 0: not yet */
    uint64_t lost_time; /* live: when the interface failed; 0: it has not */
    struct err lost;    /* and why */
};

static bool unknown_format(const struct capture *c, struct err *e)
{
    size_t n;
    const uint8_t *const head = source_head(c->source, &n);
    const char *const what = foreign_format(head, n);

    if (n == 0)
        return err_set(e, "%s: is empty, not a capture", c->path);
    if (what)
        return err_set(e, "%s: not a pcap or pcapng capture (looks like %s)", c->path, what);
    return err_set(e, "%s: not a pcap or pcapng capture", c->path);
}

/* Why libpcap does not take the file. */
static bool refused(const struct capture *c, const char *reason, struct err *e)
{
    size_t n;

    (void)source_head(c->source, &n);
    if (source_problem(c->source))
        return err_set(e, "%s: %s", c->path, source_problem(c->source));
    if (n == 0 || strcmp(reason, "unknown file format") == 0)
        return unknown_format(c, e);
    if (strncmp(reason, "truncated dump file", 19) == 0)
        return err_set(e, "%s: ends inside its file header", c->path);
    return err_set(e, "%s: %s", c->path, reason);
}

/* What libpcap knows once a file or an interface is open. */
static void learn(struct capture *c)
{
    c->link = pcap_datalink(c->pcap);
    c->precision = pcap_get_tstamp_precision(c->pcap);
}

static bool open_stream(struct capture *c, struct err *e)
{
    char reason[PCAP_ERRBUF_SIZE] = "";
    size_t n;
    const uint8_t *const head = source_head(c->source, &n);

    const bool records = pcap_records_can(head, n);

    c->stream = source_stream(c->source, !records);
    if (!c->stream)
        return err_sys(e, "%s", c->path);
    if (pcapng_is(head, n)) {
        c->pcapng = pcapng_new(c->stream);
        return true;
    }
    c->pcap =
        pcap_fopen_offline_with_tstamp_precision(c->stream, PCAP_TSTAMP_PRECISION_NANO, reason);
    if (!c->pcap) {
        (void)fclose(c->stream);
        return refused(c, reason, e);
    }
    learn(c);
    if (records)
        c->records = pcap_records_new(c->source, (uint32_t)pcap_snapshot(c->pcap));
    return true;
}

static struct capture *capture_new(const char *path)
{
    struct capture *const c = mem_zero(1, sizeof *c);

    c->path = mem_string(path, strlen(path));
    return c;
}

static struct capture *open_source(struct source *s, struct err *e)
{
    if (!s)
        return NULL;
    struct capture *const c = capture_new(source_name(s));
    c->source = s;
    if (open_stream(c, e))
        return c;
    capture_close(c);
    return NULL;
}

struct capture *capture_open(const char *path, struct err *e)
{
    return open_source(source_open(path, e), e);
}

struct capture *capture_open_memory(const void *p, size_t n, const char *name, struct err *e)
{
    return open_source(source_open_memory(p, n, name, e), e);
}

struct capture *capture_open_live(const char *interface, const struct tap_options *o, struct err *e)
{
    struct tap *const t = tap_open(interface, o, e);

    if (!t)
        return NULL;
    struct capture *const c = capture_new(interface);
    c->tap = t;
    c->pcap = tap_pcap(t);
    learn(c);
    return c;
}

void capture_close(struct capture *c)
{
    if (!c)
        return;
    if (c->tap)
        tap_close(c->tap);
    else if (c->pcap)
        pcap_close(c->pcap);
    pcapng_close(c->pcapng);
    pcap_records_free(c->records);
    source_close(c->source);
    free(c->path);
    free(c);
}

const char *capture_path(const struct capture *c)
{
    return c->path;
}

static enum capture_status bad(const struct capture *c, const char *why, struct err *e)
{
    err_set(e, "%s: frame %llu: %s", c->path, (unsigned long long)c->frames + 1, why);
    return CAPTURE_BAD;
}

/* Seconds are 32 bits without a sign in the file, and libpcap takes them with one. The fraction may
 * be out of range in either direction: it counts as what it is. */
static uint64_t time_of(const struct pcap_pkthdr *h, bool live, int precision)
{
    const int64_t second = 1000000000;
    const int64_t s = live ? h->ts.tv_sec : (uint32_t)h->ts.tv_sec;
    const int64_t scale = precision == PCAP_TSTAMP_PRECISION_NANO ? 1 : 1000;
    const int64_t ns = s * second + h->ts.tv_usec * scale;

    return ns < 0 ? 0 : (uint64_t)ns;
}

static bool next_record(struct capture *c, struct frame *f)
{
    if (!c->records || c->handed_over)
        return false;
    f->link = c->link;
    c->handed_over = !pcap_records_next(c->records, f);
    return !c->handed_over;
}

static enum capture_status next_pcap(struct capture *c, struct frame *f, struct err *e)
{
    struct pcap_pkthdr *h;

    if (next_record(c, f))
        return CAPTURE_FRAME;
    const int status = pcap_next_ex(c->pcap, &h, &f->data);

    if (status == 1) {
        f->ts = time_of(h, !c->source, c->precision);
        f->caplen = h->caplen;
        f->len = h->len;
        f->link = c->link;
        return CAPTURE_FRAME;
    }
    if (status == 0)
        return CAPTURE_IDLE;
    if (status == PCAP_ERROR_BREAK)
        return CAPTURE_END;
    if (!c->source) {
        err_set(e, "%s: %s", c->path, pcap_geterr(c->pcap));
        return CAPTURE_BAD;
    }
    return bad(c, feof(c->stream) ? "the file ends in the middle of it" : pcap_geterr(c->pcap), e);
}

static enum capture_status next_pcapng(struct capture *c, struct frame *f, struct err *e)
{
    struct err why;
    const enum capture_status status = pcapng_next(c->pcapng, f, &why);

    return status == CAPTURE_BAD ? bad(c, why.text, e) : status;
}

static enum capture_status next_of_file(struct capture *c, struct frame *f, struct err *e)
{
    const enum capture_status status = c->pcapng ? next_pcapng(c, f, e) : next_pcap(c, f, e);

    if (status != CAPTURE_FRAME && source_problem(c->source))
        return bad(c, source_problem(c->source), e);
    return status;
}

/* Nanoseconds after which the kernel has given all that it had: it may keep a block that is not
 * full for a while. */
static uint64_t ring_delay(const struct capture *c)
{
    return (uint64_t)(2 * tap_delay(c->tap)) * 1000000;
}

/* An interface that goes away leaves in the ring what came before: that is given first, then the
 * reason. */
static enum capture_status next_of_tap(struct capture *c, struct frame *f, struct err *e)
{
    const enum capture_status status = next_pcap(c, f, e);

    if (status == CAPTURE_BAD && c->lost_time == 0) {
        c->lost_time = wall_now();
        c->lost = *e;
        return CAPTURE_IDLE;
    }
    if (c->lost_time == 0 || status == CAPTURE_FRAME)
        return status;
    if (wall_now() - c->lost_time <= ring_delay(c))
        return CAPTURE_IDLE;
    *e = c->lost;
    return CAPTURE_BAD;
}

/* Once stopped, what came before that is still given. */
static enum capture_status next_live(struct capture *c, struct frame *f, struct err *e)
{
    enum capture_status status;

    if (c->stopped && c->stop_time == 0)
        c->stop_time = wall_now();
    while ((status = next_of_tap(c, f, e)) == CAPTURE_FRAME && f->ts < tap_since(c->tap))
        c->early++;
    if (c->stop_time == 0)
        return status;
    if (status == CAPTURE_FRAME)
        return f->ts <= c->stop_time ? status : CAPTURE_END;
    if (status == CAPTURE_IDLE && wall_now() - c->stop_time > ring_delay(c))
        return CAPTURE_END;
    return status;
}

enum capture_status capture_try(struct capture *c, struct frame *f, struct err *e)
{
    if (c->stopped && !c->tap)
        return CAPTURE_END;
    const enum capture_status status = c->tap ? next_live(c, f, e) : next_of_file(c, f, e);
    if (status == CAPTURE_FRAME) {
        f->number = ++c->frames;
        f->origin = 0;
    }
    return status;
}

enum capture_status capture_next(struct capture *c, struct frame *f, struct err *e)
{
    const enum capture_status status = capture_try(c, f, e);

    if (status != CAPTURE_IDLE)
        return status;
    struct pollfd readable = {.fd = tap_fd(c->tap), .events = POLLIN};
    (void)poll(&readable, 1, TAP_TIMEOUT_MS);
    return capture_try(c, f, e);
}

int capture_fd(const struct capture *c)
{
    return c->tap ? tap_fd(c->tap) : -1;
}

int capture_delay(const struct capture *c)
{
    return c->tap ? tap_delay(c->tap) : 0;
}

void capture_stop(struct capture *c)
{
    c->stopped = 1;
}

bool capture_counts(struct capture *c, struct tap_counts *counts)
{
    if (!c->tap || !tap_counts(c->tap, counts))
        return false;
    counts->received -= c->early;
    return true;
}
