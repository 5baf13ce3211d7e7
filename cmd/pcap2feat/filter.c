#include "filter.h"

#include "mem.h"

#include <pcap/pcap.h>
#include <stdlib.h>
#include <string.h>

enum {
    SNAPLEN = 262144,
    MOST_LINKS = 256, /* link types; a hostile file could have more, and they count as refused */
};

struct program {
    int link;
    bool good; /* the expression makes sense here */
    struct bpf_program code;
};

struct filter {
    char *expression;
    struct program *programs;
    size_t n, cap, last; /* last: the one that the frame before used */
    uint64_t refused;
};

/* libpcap's reason goes to *e, if given. */
static bool compile(const char *expression, int link, struct bpf_program *code, struct err *e)
{
    pcap_t *const dead = pcap_open_dead(link, SNAPLEN);

    if (!dead)
        return e ? err_set(e, "libpcap does not start") : false;
    const bool good = pcap_compile(dead, code, expression, 1, PCAP_NETMASK_UNKNOWN) == 0;
    if (!good && e)
        err_set(e, "filter '%s': %s", expression, pcap_geterr(dead));
    pcap_close(dead);
    return good;
}

/* Whether there are link types for which it can be used; what is wrong is told for Ethernet. */
static bool makes_sense(const char *expression, struct err *e)
{
    static const int links[] = {DLT_EN10MB, DLT_RAW, DLT_IEEE802_11_RADIO, DLT_LINUX_SLL2};
    struct bpf_program code;

    for (size_t i = 0; i < sizeof links / sizeof *links; i++)
        if (compile(expression, links[i], &code, i == 0 ? e : NULL)) {
            pcap_freecode(&code);
            return true;
        }
    return false;
}

struct filter *filter_new(const char *expression, struct err *e)
{
    if (!makes_sense(expression, e))
        return NULL;
    struct filter *const f = mem_zero(1, sizeof *f);
    f->expression = mem_string(expression, strlen(expression));
    return f;
}

void filter_free(struct filter *f)
{
    if (!f)
        return;
    for (size_t i = 0; i < f->n; i++)
        if (f->programs[i].good)
            pcap_freecode(&f->programs[i].code);
    free(f->programs);
    free(f->expression);
    free(f);
}

/* NULL: too many link types. */
static const struct program *program_for(struct filter *f, int link)
{
    if (f->n > 0 && f->programs[f->last].link == link)
        return &f->programs[f->last];
    for (size_t i = 0; i < f->n; i++)
        if (f->programs[i].link == link)
            return &f->programs[f->last = i];
    if (f->n == MOST_LINKS)
        return NULL;
    f->programs = mem_grow(f->programs, &f->cap, f->n + 1, sizeof *f->programs);
    struct program *const p = &f->programs[f->n];
    p->link = link;
    p->good = compile(f->expression, link, &p->code, NULL);
    f->last = f->n++;
    return p;
}

bool filter_match(struct filter *f, const struct frame *frame)
{
    const struct program *const p = program_for(f, frame->link);

    if (!p || !p->good) {
        f->refused++;
        return false;
    }
    const struct pcap_pkthdr h = {.caplen = frame->caplen, .len = frame->len};
    return pcap_offline_filter(&p->code, &h, frame->data) != 0;
}

uint64_t filter_refused(const struct filter *f)
{
    return f->refused;
}
