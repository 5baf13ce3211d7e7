#include "capture.h"

#include "foreign.h"
#include "mem.h"
#include "pcapng.h"
#include "source.h"

#include <pcap/pcap.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    LIVE_TIMEOUT_MS = 100,
    LIVE_BUFFER = 32 * 1024 * 1024, /* bytes the kernel keeps for us while we are busy */
};

/* One of pcap and pcapng is set. */
struct capture {
    char *path;
    struct source *source; /* NULL: live */
    pcap_t *pcap;
    struct pcapng *pcapng;
    FILE *stream;        /* what pcap reads; it closes it */
    int link, precision; /* of pcap */
    uint64_t frames;
    struct pcap_stat last;      /* its counters are of 32 bits and wrap */
    uint64_t received, dropped; /* these are not */
    volatile sig_atomic_t stopped;
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

    c->stream = source_stream(c->source);
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

static bool activate(struct capture *c, int snaplen, bool immediate, struct err *e)
{
    char reason[PCAP_ERRBUF_SIZE] = "";

    if (pcap_set_snaplen(c->pcap, snaplen) != 0 || pcap_set_promisc(c->pcap, 1) != 0 ||
        pcap_set_timeout(c->pcap, LIVE_TIMEOUT_MS) != 0 ||
        pcap_set_buffer_size(c->pcap, LIVE_BUFFER) != 0 ||
        pcap_set_immediate_mode(c->pcap, immediate) != 0)
        return err_set(e, "%s: libpcap does not take the settings", c->path);
    /* Where the interface has only microseconds, libpcap leaves it at those. */
    (void)pcap_set_tstamp_precision(c->pcap, PCAP_TSTAMP_PRECISION_NANO);
    const int status = pcap_activate(c->pcap);
    /* Waiting is ours: libpcap's own ignores the timeout where the kernel wakes it up. */
    if (status >= 0 && pcap_setnonblock(c->pcap, 1, reason) != 0)
        return err_set(e, "%s: %s", c->path, reason);
    if (status >= 0)
        return true;
    const char *const what = pcap_statustostr(status), *const more = pcap_geterr(c->pcap);
    if (*more == '\0' || strcmp(what, more) == 0)
        return err_set(e, "%s: %s", c->path, what);
    return err_set(e, "%s: %s (%s)", c->path, what, more);
}

struct capture *capture_open_live(const char *interface, int snaplen, bool immediate, struct err *e)
{
    char reason[PCAP_ERRBUF_SIZE] = "";
    struct capture *const c = capture_new(interface);

    c->pcap = pcap_create(interface, reason);
    if (!c->pcap)
        err_set(e, "%s: %s", interface, reason);
    else if (activate(c, snaplen, immediate, e)) {
        learn(c);
        return c;
    }
    capture_close(c);
    return NULL;
}

void capture_close(struct capture *c)
{
    if (!c)
        return;
    if (c->pcap)
        pcap_close(c->pcap);
    pcapng_close(c->pcapng);
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

/* The next packet as libpcap has it; live, waits for one if there is none yet. */
static int next_or_wait(struct capture *c, struct pcap_pkthdr **h, const uint8_t **data)
{
    const int status = pcap_next_ex(c->pcap, h, data);

    if (status != 0 || c->source || c->stopped)
        return status;
    struct pollfd readable = {.fd = pcap_get_selectable_fd(c->pcap), .events = POLLIN};
    (void)poll(&readable, 1, LIVE_TIMEOUT_MS);
    return pcap_next_ex(c->pcap, h, data);
}

static enum capture_status next_pcap(struct capture *c, struct frame *f, struct err *e)
{
    struct pcap_pkthdr *h;
    const int status = next_or_wait(c, &h, &f->data);

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

enum capture_status capture_next(struct capture *c, struct frame *f, struct err *e)
{
    if (c->stopped)
        return CAPTURE_END;
    const enum capture_status status = c->pcapng ? next_pcapng(c, f, e) : next_pcap(c, f, e);
    if (status == CAPTURE_FRAME) {
        f->number = ++c->frames;
        f->origin = 0;
    } else if (c->source && source_problem(c->source))
        return bad(c, source_problem(c->source), e);
    return status;
}

void capture_stop(struct capture *c)
{
    c->stopped = 1;
    if (c->pcap)
        pcap_breakloop(c->pcap);
}

bool capture_drops(struct capture *c, uint64_t *received, uint64_t *dropped)
{
    struct pcap_stat now;

    if (c->source || pcap_stats(c->pcap, &now) != 0)
        return false;
    c->received += (uint32_t)(now.ps_recv - c->last.ps_recv);
    c->dropped += (uint32_t)(now.ps_drop - c->last.ps_drop);
    c->last = now;
    *received = c->received;
    *dropped = c->dropped;
    return true;
}
