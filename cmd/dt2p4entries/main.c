/* dt2p4entries: a tree model as the match-action entries of a switch, proved. */
#include "entries_limit.h"
#include "err.h"
#include "mem.h"
#include "options.h"
#include "out.h"
#include "prove.h"
#include "report.h"
#include "textbuf.h"
#include "write.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void note_proof(const struct options *o, const struct proof *proof, const char *what,
                       uint64_t entries)
{
    char grid[64] = "";

    if (proof->points > 0)
        (void)snprintf(grid, sizeof grid, " and at the %" PRIu64 " points of its grid",
                       proof->points);
    cli_note(o->shared,
             "proved: %s%" PRIu64 " entries equal the model on its whole domain "
             "(%" PRIu64 " boxes)%s",
             what, entries, proof->boxes, grid);
}

/* Proves a file that is there already. */
static bool verify(const struct options *o, const struct model *m, struct err *e)
{
    struct p4info *const ids = o->p4info ? p4info_read(o->p4info, e) : NULL;
    struct proof proof;

    if (o->p4info && !ids)
        return false;
    struct entries *const x = entries_read(o->verify, m, ids, e);
    const bool ok = x && prove_entries(m, x, &proof, e);
    if (ok) {
        struct textbuf what = {0};
        textbuf_printf(&what, "%s: ", o->verify);
        note_proof(o, &proof, what.p, entries_total(x));
        free(what.p);
    }
    entries_free(x);
    p4info_free(ids);
    return ok;
}

static bool check_size(const struct options *o, const struct model *m, const struct entries *x,
                       struct err *e)
{
    const char *const refusal = format_refuses(o->format, x);

    if (refusal)
        return err_set(e, "%s", refusal);
    return !o->has_max ||
           entries_fit(m, x, &o->entries, format_entries(o->format, x), o->max_entries, e);
}

static struct table_ids *find_ids(const struct options *o, const struct entries *x,
                                  const struct p4info *info, struct err *e)
{
    struct table_ids *const ids = mem_zero(x->n_tables, sizeof *ids);
    bool ok = true;

    for (size_t i = 0; i < x->n_tables && ok && o->format == FORMAT_P4RUNTIME_TEXT; i++)
        ok = table_ids_find(info, x, i, &ids[i], e);
    if (ok)
        return ids;
    for (size_t i = 0; i < x->n_tables; i++)
        table_ids_free(&ids[i]);
    free(ids);
    return NULL;
}

static bool prove_text(const struct options *o, const struct model *m, const struct textbuf *t,
                       const struct p4info *info, struct err *e)
{
    struct entries *const back =
        entries_read_memory(t->p, t->n, "what was written", o->format, m, info, e);
    struct proof proof;
    const bool ok = back && prove_entries(m, back, &proof, e);

    if (ok)
        note_proof(o, &proof, "", entries_total(back));
    entries_free(back);
    return ok;
}

/* The text of the entries, read back and proved. False with *e; the text is the caller's. */
static bool make_text(const struct options *o, const struct model *m, const struct entries *x,
                      const struct p4info *info, struct textbuf *t, struct err *e)
{
    struct table_ids *const ids = find_ids(o, x, info, e);

    if (!ids)
        return false;
    const struct writing w = {x, m, ids, !o->classes};
    write_entries(o->format, &w, t);
    for (size_t i = 0; i < x->n_tables; i++)
        table_ids_free(&ids[i]);
    free(ids);
    return prove_text(o, m, t, info, e);
}

static bool write_classes(const char *path, const struct model *m, struct err *e)
{
    struct out *const out = out_open(path, e);

    if (!out)
        return false;
    report_classes(m, out);
    return out_close(out, e);
}

/* A table that does not say its size gets 1024 entries on BMv2, and no word when they are full. */
static void note_sizes(const struct options *o, const struct entries *x)
{
    enum { BMV2_SIZE = 1024 };

    if (o->format > FORMAT_P4RUNTIME_TEXT)
        return;
    for (size_t i = 0; i < x->n_tables; i++)
        if (x->tables[i].n > BMV2_SIZE)
            cli_note(o->shared, "table '%s' needs 'size = %zu;' in the program (the default is %d)",
                     x->tables[i].name, x->tables[i].n, BMV2_SIZE);
}

static bool write_output(const struct options *o, const struct entries *x,
                         const struct textbuf *text, struct err *e)
{
    struct out *const out = out_open(o->shared->output, e);

    if (!out)
        return false;
    if (o->report)
        report_tables(x, out);
    else
        out_bytes(out, text->p, text->n);
    return out_close(out, e);
}

static bool convert(const struct options *o, const struct model *m, struct err *e)
{
    struct p4info *const info = o->p4info ? p4info_read(o->p4info, e) : NULL;
    struct entries *const x = o->p4info && !info ? NULL : entries_build(m, &o->entries, e);
    struct textbuf text = {0};
    const bool ok = x && check_size(o, m, x, e) && make_text(o, m, x, info, &text, e) &&
                    (!o->classes || write_classes(o->classes, m, e)) &&
                    write_output(o, x, &text, e);

    if (ok && !o->report)
        note_sizes(o, x);
    free(text.p);
    entries_free(x);
    p4info_free(info);
    return ok;
}

int main(int argc, char **argv)
{
    struct cli *const cli = cli_new(&options_spec, argc, argv);
    struct options o = options_parse(cli);
    struct err e;
    struct model *const m = model_read(o.model, &e);

    if (!m)
        die_err(&e);
    if (o.has_default && !entries_default_class(o.default_class, m, &o.entries, &e))
        die_usage("%s", e.text);
    const bool ok = o.verify ? verify(&o, m, &e) : convert(&o, m, &e);
    model_free(m);
    cli_free(cli);
    if (!ok)
        die_err(&e);
    return EXIT_DONE;
}
