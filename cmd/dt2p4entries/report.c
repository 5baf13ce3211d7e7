#include "report.h"

#include "prefix.h"
#include "table.h"

struct cost {
    uint64_t entries, key_bits, tcam_entries, tcam_bits;
};

/* Entries after ranges became prefixes; the sum stops at the greatest number. */
static uint64_t expanded(const struct entry_table *t)
{
    uint64_t sum = 0;

    for (size_t i = 0; i < t->n; i++) {
        uint64_t n = 1;
        for (size_t j = 0; j < t->n_fields; j++) {
            const struct entry_key key = t->keys[i * t->n_fields + j];
            const uint64_t parts =
                t->fields[j].match == MATCH_TERNARY
                    ? 1
                    : prefix_cover_count((struct interval){key.a, key.b}, t->fields[j].bits);
            n = n > UINT64_MAX / parts ? UINT64_MAX : n * parts;
        }
        sum = sum > UINT64_MAX - n ? UINT64_MAX : sum + n;
    }
    return sum;
}

static struct cost cost_of(const struct entry_table *t)
{
    struct cost c = {.entries = t->n, .tcam_entries = expanded(t)};

    for (size_t i = 0; i < t->n_fields; i++)
        c.key_bits += t->fields[i].bits;
    c.tcam_bits =
        c.tcam_entries > UINT64_MAX / c.key_bits ? UINT64_MAX : c.tcam_entries * c.key_bits;
    return c;
}

static void put_line(struct table_writer *w, const char *name, const char *match, struct cost c)
{
    table_put_text(w, name);
    table_put_text(w, match);
    table_put_u64(w, c.entries);
    table_put_u64(w, c.key_bits);
    table_put_u64(w, c.tcam_entries);
    table_put_u64(w, c.tcam_bits);
    table_end_row(w);
}

static uint64_t plus(uint64_t a, uint64_t b)
{
    return a > UINT64_MAX - b ? UINT64_MAX : a + b;
}

void report_tables(const struct entries *x, struct out *o)
{
    static const char *const names[] = {"table",    "match",        "entries",
                                        "key_bits", "tcam_entries", "tcam_bits"};
    struct table_writer *const w = table_writer_new(o, TABLE_TSV);
    struct cost total = {0};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        table_put_text(w, names[i]);
    table_end_row(w);
    for (size_t i = 0; i < x->n_tables; i++) {
        const struct entry_table *const t = &x->tables[i];
        const struct cost c = cost_of(t);
        put_line(w, t->name, t->fields[0].match == MATCH_RANGE ? "range" : "ternary", c);
        total.entries += c.entries;
        total.key_bits += c.key_bits;
        total.tcam_entries = plus(total.tcam_entries, c.tcam_entries);
        total.tcam_bits = plus(total.tcam_bits, c.tcam_bits);
    }
    put_line(w, "total", "", total);
    table_writer_free(w);
}

void report_classes(const struct model *m, struct out *o)
{
    struct table_writer *const w = table_writer_new(o, TABLE_TSV);

    table_put_text(w, "number");
    table_put_text(w, "name");
    table_end_row(w);
    for (size_t i = 0; i < m->n_classes; i++) {
        table_put_u64(w, i + 1);
        table_put_text(w, m->classes[i].name);
        table_end_row(w);
    }
    table_writer_free(w);
}
