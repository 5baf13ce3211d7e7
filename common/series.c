#include "series.h"

#include "group.h"
#include "intern.h"
#include "mem.h"
#include "table.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double MOST_LEN = 1500;

struct reader {
    struct table *t;
    const struct series_options *options;
    size_t dir, len, iat;
    long flow;              /* column, or TABLE_NONE */
    struct intern *flows;   /* NULL without that column */
    uint32_t *flow_of;      /* of each packet; NULL while there is one flow */
    long label;             /* column, or TABLE_NONE */
    struct intern *classes; /* NULL without that column */
    size_t cap;
    struct series *s;
};

static bool require_label(const struct reader *r, struct err *e)
{
    size_t column;

    return !r->options->label || r->options->label_optional ||
           table_require(r->t, r->options->label, &column, e);
}

/* What pcap2feat writes without being asked for a series has no direction. */
static bool require_dir(struct reader *r, struct err *e)
{
    struct err why;

    return table_require(r->t, "dir", &r->dir, &why) ||
           err_set(e, "%s; pcap2feat --fields=flow,dir,len,dir_iat,iat writes one", why.text);
}

static bool find_columns(struct reader *r, struct err *e)
{
    const char *const iat = r->options->iat ? r->options->iat : "dir_iat";

    r->flow = table_find(r->t, "flow");
    r->label = r->options->label ? table_find(r->t, r->options->label) : TABLE_NONE;
    r->s->iat_column = mem_string(iat, strlen(iat));
    return require_dir(r, e) && table_require(r->t, "len", &r->len, e) &&
           table_require(r->t, iat, &r->iat, e) && require_label(r, e);
}

/* The flow of the current row. Most tables have one flow, so flow_of begins with the second. */
static uint32_t flow_of_row(struct reader *r)
{
    if (!r->flows)
        return 0;
    return intern_add(r->flows, table_field(r->t, (size_t)r->flow));
}

static void make_room(struct reader *r)
{
    struct series *const s = r->s;
    const size_t cap = r->cap ? r->cap + r->cap / 2 : 4096;

    if (s->n < r->cap)
        return;
    r->cap = cap;
    s->iat = mem_resize(s->iat, cap, sizeof *s->iat);
    s->len = mem_resize(s->len, cap, sizeof *s->len);
    s->dir = mem_resize(s->dir, cap, sizeof *s->dir);
    if (r->flow_of)
        r->flow_of = mem_resize(r->flow_of, cap, sizeof *r->flow_of);
    if (r->classes)
        s->labels = mem_resize(s->labels, cap, sizeof *s->labels);
}

static void remember_flow(struct reader *r, uint32_t flow)
{
    if (flow > 0 && !r->flow_of)
        r->flow_of = mem_zero(r->cap, sizeof *r->flow_of);
    if (r->flow_of)
        r->flow_of[r->s->n] = flow;
}

static bool read_label(struct reader *r, struct err *e)
{
    if (!r->classes)
        return true;
    const struct span class = table_field(r->t, (size_t)r->label);
    if (class.n == 0)
        return table_fail(r->t, (size_t)r->label, e, "is no class");
    r->s->labels[r->s->n] = intern_add(r->classes, class);
    return true;
}

static bool read_row(struct reader *r, struct err *e)
{
    struct series *const s = r->s;
    const size_t most = r->options->most ? r->options->most : SERIES_MOST;
    uint64_t dir, len, iat;

    if (table_field(r->t, r->iat).n == 0) {
        s->without_time++;
        return true;
    }
    if (!table_u64(r->t, r->dir, 0, 1, &dir, e) ||
        !table_u64(r->t, r->len, 0, SERIES_MAX_LEN, &len, e) ||
        !table_u64(r->t, r->iat, 0, SERIES_MAX_IAT, &iat, e))
        return false;
    if (s->n == most)
        return err_set(e, "%s: more than %zu packets", table_path(r->t), most);
    make_room(r);
    if (!read_label(r, e))
        return false;
    remember_flow(r, flow_of_row(r));
    s->iat[s->n] = iat;
    s->len[s->n] = (uint16_t)len;
    s->dir[s->n] = (uint8_t)dir;
    s->n++;
    return true;
}

/* Sorts the packets by flow and sets s->first. flow_of becomes the places. */
static void group(struct reader *r)
{
    struct series *const s = r->s;

    s->n_flows = r->flow_of ? intern_count(r->flows) : s->n > 0;
    s->first = group_items(r->flow_of, s->n, s->n_flows);
    s->iat = group_move(s->iat, r->flow_of, s->n, sizeof *s->iat);
    s->len = group_move(s->len, r->flow_of, s->n, sizeof *s->len);
    s->dir = group_move(s->dir, r->flow_of, s->n, sizeof *s->dir);
    if (s->labels)
        s->labels = group_move(s->labels, r->flow_of, s->n, sizeof *s->labels);
}

uint64_t series_step(uint64_t a, uint64_t b)
{
    while (b > 0) {
        const uint64_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

static uint64_t step_of(const uint64_t *v, size_t n)
{
    uint64_t a = 0;

    for (size_t i = 0; i < n && a != 1; i++)
        a = series_step(a, v[i]);
    return a > 0 ? a : 1;
}

static void name_classes(struct reader *r)
{
    if (!r->classes)
        return;
    r->s->n_classes = intern_count(r->classes);
    r->s->classes = mem_alloc(r->s->n_classes, sizeof *r->s->classes);
    for (size_t i = 0; i < r->s->n_classes; i++) {
        const char *const name = intern_text(r->classes, (uint32_t)i);
        r->s->classes[i] = mem_string(name, strlen(name));
    }
}

static bool read_all(struct reader *r, struct err *e)
{
    enum table_status status = TABLE_END;

    if (!find_columns(r, e))
        return false;
    if (r->flow != TABLE_NONE)
        r->flows = intern_new();
    if (r->label != TABLE_NONE)
        r->classes = intern_new();
    while ((status = table_next(r->t, e)) == TABLE_ROW)
        if (!read_row(r, e))
            return false;
    if (status == TABLE_BAD)
        return false;
    if (r->s->n == 0 && !r->options->may_be_empty)
        return err_set(e, "%s: there is no packet with a '%s'", table_path(r->t), r->s->iat_column);
    group(r);
    name_classes(r);
    r->s->resolution = step_of(r->s->iat, r->s->n);
    return true;
}

struct series *series_read(const char *path, const struct series_options *options, struct err *e)
{
    struct table *const t = table_open(path, e);
    struct series *const s = t ? series_from(t, options, e) : NULL;

    table_close(t);
    return s;
}

struct series *series_from(struct table *t, const struct series_options *options, struct err *e)
{
    struct reader r = {.t = t, .options = options, .s = mem_zero(1, sizeof *r.s)};
    const bool ok = read_all(&r, e);

    intern_free(r.flows);
    intern_free(r.classes);
    if (ok && options->places)
        r.s->place = r.flow_of; /* group() has made places of it */
    else
        free(r.flow_of);
    if (ok)
        return r.s;
    series_free(r.s);
    return NULL;
}

void series_free(struct series *s)
{
    if (!s)
        return;
    free(s->iat);
    free(s->len);
    free(s->dir);
    free(s->first);
    free(s->labels);
    for (size_t i = 0; i < s->n_classes; i++)
        free(s->classes[i]);
    free(s->classes);
    free(s->iat_column);
    free(s->place);
    free(s);
}

struct series *series_of(const struct series *s, enum series_dir dir)
{
    struct series *const d = mem_zero(1, sizeof *d);

    d->iat = mem_alloc(s->n, sizeof *d->iat);
    d->len = mem_alloc(s->n, sizeof *d->len);
    d->dir = mem_alloc(s->n, sizeof *d->dir);
    d->first = mem_zero(s->n_flows + 1, sizeof *d->first);
    d->resolution = s->resolution;
    d->iat_column = mem_string(s->iat_column, strlen(s->iat_column));
    for (size_t f = 0; f < s->n_flows; f++) {
        const size_t before = d->n;
        for (size_t i = s->first[f]; i < s->first[f + 1]; i++) {
            if (s->dir[i] != dir)
                continue;
            d->iat[d->n] = s->iat[i];
            d->len[d->n] = s->len[i];
            d->dir[d->n] = s->dir[i];
            d->n++;
        }
        if (d->n > before)
            d->first[++d->n_flows] = d->n;
    }
    return d;
}

const char *series_dir_name(enum series_dir dir)
{
    static const char *const names[] = {"backward", "forward", "both"};

    return names[dir];
}

struct point series_point(uint16_t len, uint64_t iat)
{
    return (struct point){len / MOST_LEN, log10(1 + (double)iat / 1000)};
}

/* Comparisons that NaN fails come first. */
uint16_t series_len_of(double len)
{
    const double bytes = floor(len * MOST_LEN + 0.5);

    if (!(bytes > 0))
        return 0;
    return bytes < SERIES_MAX_LEN ? (uint16_t)bytes : (uint16_t)SERIES_MAX_LEN;
}

uint64_t series_iat_of(double iat, uint64_t resolution)
{
    const double ns = (pow(10, iat) - 1) * 1000;

    if (!(ns > 0))
        return 0;
    const double steps = floor(ns / (double)resolution + 0.5);
    const uint64_t most = SERIES_MAX_IAT / resolution;
    return (steps < (double)most ? (uint64_t)steps : most) * resolution;
}
