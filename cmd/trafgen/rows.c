#include "rows.h"

#include "gmm.h"
#include "mem.h"
#include "num.h"

#include <stdlib.h>
#include <string.h>

struct rows_writer {
    struct packets *packets;
    struct out *out;
    char tab;
    enum table_format format;
    char **names; /* of flows, as they stand in the table; NULL until one is needed */
};

enum { ROW_MAX = NUM_TIME_MAX + 5 * (NUM_U64_MAX + 1) + TOKEN_MAX + 4 };

static void put_header(const struct rows_writer *w)
{
    static const char *const symbols[] = {
        [PACKETS_PLAIN] = "", [PACKETS_STATE] = "state", [PACKETS_TOKEN] = "token"};
    const enum packets_symbol symbol = packets_symbol(w->packets);

    out_printf(w->out, "ts%cflow%cdir%clen%cdir_iat%ciat", w->tab, w->tab, w->tab, w->tab, w->tab);
    if (symbol != PACKETS_PLAIN)
        out_printf(w->out, "%c%s", w->tab, symbols[symbol]);
    out_text(w->out, "\n");
}

/* The name of a flow, quoted once. */
static const char *name_of(struct rows_writer *w, uint32_t flow)
{
    const char *const name = packets_name(w->packets, flow);

    if (!name)
        return NULL;
    if (!w->names)
        w->names = mem_zero(packets_flows(w->packets), sizeof *w->names);
    if (!w->names[flow])
        w->names[flow] = table_quoted(name, w->format);
    return w->names[flow];
}

static char *put_flow(struct rows_writer *w, uint32_t flow, char *p)
{
    const char *const name = name_of(w, flow);

    if (!name)
        return num_put_u64(p, (uint64_t)flow + 1);
    out_advance(w->out, p);
    out_text(w->out, name);
    return out_reserve(w->out, ROW_MAX);
}

static char *put_symbol(const struct rows_writer *w, const struct made *m, char *p)
{
    switch (packets_symbol(w->packets)) {
    case PACKETS_STATE:
        *p++ = w->tab;
        return num_put_u64(p, (uint64_t)m->symbol + 1);
    case PACKETS_TOKEN:
        *p++ = w->tab;
        return token_put(p, (enum series_dir)m->dir, m->symbol);
    case PACKETS_PLAIN:
        break;
    }
    return p;
}

static void put_row(struct rows_writer *w, const struct made *m)
{
    char *p = out_reserve(w->out, ROW_MAX);

    p = num_put_time(p, m->ts);
    *p++ = w->tab;
    p = put_flow(w, m->flow, p);
    *p++ = w->tab;
    *p++ = (char)('0' + m->dir);
    *p++ = w->tab;
    p = num_put_u64(p, m->len);
    *p++ = w->tab;
    if (!m->dir_first)
        p = num_put_u64(p, m->dir_iat);
    *p++ = w->tab;
    if (!m->first)
        p = num_put_u64(p, m->iat);
    p = put_symbol(w, m, p);
    *p++ = '\n';
    out_advance(w->out, p);
}

uint64_t rows_write(struct packets *p, struct out *o, enum table_format format)
{
    struct rows_writer w = {p, o, format == TABLE_TSV ? '\t' : ',', format, NULL};
    uint64_t n = 0;
    struct made m;

    put_header(&w);
    while (!out_failed(o) && packets_next(p, &m)) {
        put_row(&w, &m);
        n++;
    }
    for (size_t f = 0; w.names && f < packets_flows(p); f++)
        free(w.names[f]);
    free(w.names);
    return n;
}
