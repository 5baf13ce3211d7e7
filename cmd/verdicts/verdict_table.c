#include "verdict_table.h"
#include "address.h"
#include "feature.h"
#include "mem.h"
#include "num.h"
#include "table.h"

#include <stdlib.h>
#include <string.h>

static const enum feature_id key_columns[] = {F_TS,       F_SEQ,      F_SRC_IP, F_DST_IP,
                                              F_SRC_PORT, F_DST_PORT, F_PROTO,  F_VLAN};

enum { KEY_COLUMNS = sizeof key_columns / sizeof *key_columns };

struct verdict_table {
    const struct model *m;
    bool shown[KEY_COLUMNS]; /* those that are not among the model's features, too */
    const struct label_table *labels;
    bool all;
    struct table_writer *writer;
    uint32_t fingerprint;
    struct verdict_counts counts;

    uint64_t numbered;     /* reports whose numbers are without gaps */
    uint32_t first_number; /* of these */
    uint32_t last_number;  /* the furthest */
};

static bool is_feature(const struct model *m, const char *name)
{
    for (size_t i = 0; i < m->n_features; i++)
        if (strcmp(m->features[i].name, name) == 0)
            return true;
    return false;
}

/* What the column of the true class is called: as in the model, unless that is a column already. */
static const char *label_name(const struct verdict_table *t)
{
    const char *const name = t->m->label;
    bool taken = is_feature(t->m, name) || strcmp(name, feature_at(F_PREDICTED)->name) == 0 ||
                 strcmp(name, feature_at(F_NO_VERDICT)->name) == 0;

    for (size_t i = 0; i < KEY_COLUMNS; i++)
        taken = taken || strcmp(name, feature_at(key_columns[i])->name) == 0;
    return taken ? feature_at(F_CLASS)->name : name;
}

static void put_header(struct verdict_table *t)
{
    for (size_t i = 0; i < KEY_COLUMNS; i++)
        if (t->shown[i])
            table_put_text(t->writer, feature_at(key_columns[i])->name);
    for (size_t i = 0; i < t->m->n_features; i++)
        table_put_text(t->writer, t->m->features[i].name);
    table_put_text(t->writer, feature_at(F_PREDICTED)->name);
    if (t->all)
        table_put_text(t->writer, feature_at(F_NO_VERDICT)->name);
    if (t->labels)
        table_put_text(t->writer, label_name(t));
    table_end_row(t->writer);
}

struct verdict_table *verdict_table_new(const struct model *m, const struct label_table *labels,
                                        bool all, enum table_format format, struct out *out)
{
    struct verdict_table *const t = mem_zero(1, sizeof *t);

    t->m = m;
    t->labels = labels;
    t->all = all;
    t->writer = table_writer_new(out, format);
    t->fingerprint = report_fingerprint(m);
    for (size_t i = 0; i < KEY_COLUMNS; i++)
        t->shown[i] = !is_feature(m, feature_at(key_columns[i])->name);
    put_header(t);
    return t;
}

void verdict_table_free(struct verdict_table *t)
{
    if (!t)
        return;
    table_writer_free(t->writer);
    free(t);
}

static void put_address(struct table_writer *w, const uint8_t ip[16], uint8_t version)
{
    char text[ADDRESS_MAX];
    const char *const end = address_put(text, ip, version);

    table_put(w, (struct span){text, (size_t)(end - text)});
}

static void put_time(struct table_writer *w, uint64_t ts)
{
    char text[NUM_TIME_MAX];
    const char *const end = num_put_time(text, ts);

    table_put(w, (struct span){text, (size_t)(end - text)});
}

static void put_key_column(struct table_writer *w, enum feature_id column, const struct report *r)
{
    if (column == F_TS)
        put_time(w, r->ts);
    else if (column == F_SRC_IP || column == F_DST_IP)
        put_address(w, column == F_SRC_IP ? r->src : r->dst, r->ip_version);
    else if (column == F_VLAN && r->vlan == VLAN_NONE)
        table_put_text(w, "");
    else
        table_put_u64(w, column == F_SEQ        ? r->sequence
                         : column == F_SRC_PORT ? r->src_port
                         : column == F_DST_PORT ? r->dst_port
                         : column == F_PROTO    ? r->proto
                                                : r->vlan);
}

static void put_key(const struct verdict_table *t, const struct report *r)
{
    for (size_t i = 0; i < KEY_COLUMNS; i++)
        if (t->shown[i])
            put_key_column(t->writer, key_columns[i], r);
}

/* Why there is no verdict, or NULL where there is one; counts it. */
static const char *no_verdict(struct verdict_counts *n, const struct report *r)
{
    if (r->class)
        return NULL;
    if (r->flags & REPORT_COLLISION) {
        n->collision++;
        return "collision";
    }
    if (r->flags & REPORT_FIRST) {
        n->first++;
        return "first";
    }
    n->miss++;
    return "miss";
}

/* The true class, "" where the labels do not settle it; counts why. */
static const char *find_label(struct verdict_table *t, const struct report *r)
{
    struct packet p = {
        .ts = r->ts,
        .src_port = r->src_port,
        .dst_port = r->dst_port,
        .vlan = r->vlan,
        .ip_version = r->ip_version,
        .proto = r->proto,
    };
    size_t class = 0;

    memcpy(p.src, r->src, sizeof p.src);
    memcpy(p.dst, r->dst, sizeof p.dst);
    const enum label_match match = label_table_find(t->labels, &p, &class);
    t->counts.unlabelled += match == LABEL_NONE;
    t->counts.ambiguous += match == LABEL_AMBIGUOUS;
    return match == LABEL_FOUND ? label_table_class(t->labels, class) : "";
}

/* Numbers that a classifier gives itself have no gaps; those of shims do, where a packet has no
 * report. Reports of two processors may change places. */
static void follow_number(struct verdict_table *t, const struct report *r)
{
    if (r->flags & REPORT_SHIM)
        return;
    if (t->numbered++ == 0)
        t->first_number = t->last_number = r->sequence;
    else if ((int32_t)(r->sequence - t->last_number) > 0)
        t->last_number = r->sequence;
}

void verdict_table_add(struct verdict_table *t, const struct report *r)
{
    const struct model *const m = t->m;

    follow_number(t, r);
    if (r->model != t->fingerprint || r->n_features != m->n_features) {
        t->counts.other_model++;
        return;
    }
    if (r->class > m->n_classes) {
        t->counts.other_class++;
        return;
    }
    const char *const why = no_verdict(&t->counts, r);
    if (why && !t->all)
        return;
    const char *const label = t->labels ? find_label(t, r) : NULL;
    if (label && !*label && !t->all)
        return;
    put_key(t, r);
    const bool known = !(r->flags & (REPORT_FIRST | REPORT_COLLISION));
    for (size_t i = 0; i < m->n_features; i++)
        if (known)
            table_put_u64(t->writer, report_feature(r, i));
        else
            table_put_text(t->writer, "");
    table_put_text(t->writer, why ? "" : m->classes[r->class - 1].name);
    if (t->all)
        table_put_text(t->writer, why ? why : "");
    if (label)
        table_put_text(t->writer, label);
    table_end_row(t->writer);
}

struct verdict_counts verdict_table_counts(const struct verdict_table *t)
{
    struct verdict_counts n = t->counts;

    if (t->numbered > 0) {
        const uint64_t sent = (uint64_t)(t->last_number - t->first_number) + 1;
        n.lost = sent > t->numbered ? sent - t->numbered : 0;
    }
    return n;
}
