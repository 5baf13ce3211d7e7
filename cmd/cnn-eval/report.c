#include "report.h"

#include "feature.h"
#include "findings.h"
#include "intern.h"
#include "mem.h"
#include "newness.h"
#include "progress.h"
#include "textbuf.h"

#include <stdlib.h>

struct judging {
    struct input *in;
    struct score *score;
    struct intern *known; /* classes of the model */
    struct second second;
    struct newness newness;
    struct progress *progress;
    long class, compare; /* columns, or TABLE_NONE */
    uint32_t *truth;     /* of the rows in the batch */
    uint32_t *other;     /* what the column says of them */
};

/* A score in which the model's classes have their numbers, and then comes what is unknown. */
static struct score *new_score(const struct input *in)
{
    struct score *const s = score_new();

    for (size_t c = 0; c < in->model->n_classes; c++)
        score_class(s, span_of(in->model->classes[c].name));
    if (!in->options->closed)
        score_class(s, span_of(CNN_UNKNOWN));
    return s;
}

/* The number of a class in a score: where flows may be unknown, one that the model does not know is
 * unknown. */
static uint32_t number_of(const struct judging *j, struct score *s, struct span name)
{
    const uint32_t class = intern_find(j->known, name);

    if (class != INTERN_NONE)
        return class;
    return j->in->options->closed ? score_class(s, name) : (uint32_t)j->in->model->n_classes;
}

static bool open_columns(struct judging *j, struct err *e)
{
    const struct input *const in = j->in;
    const struct options *const o = in->options;
    const char *const label = o->class ? o->class : in->model->label, *const usual =
                                                                          feature_at(F_PREDICTED)
                                                                              ->name;
    size_t column;

    j->compare = table_find(in->table, usual);
    if (o->compare) {
        if (!table_require(in->table, o->compare, &column, e))
            return false;
        j->compare = (long)column;
    }
    if (j->compare != TABLE_NONE) {
        j->second.name = o->compare ? o->compare : usual;
        j->second.score = new_score(in);
    }
    j->class = table_find(in->table, label);
    /* Two verdicts can be compared without knowing the truth. */
    if (j->class != TABLE_NONE || (j->compare != TABLE_NONE && !o->class))
        return true;
    return table_require(in->table, label, &column, e);
}

/* What else the table says of the current row, the batch's last. */
static bool take_row(struct judging *j, struct err *e)
{
    const struct table *const t = j->in->table;
    const size_t at = j->in->batch.n - 1;
    struct span name;

    if (j->class != TABLE_NONE) {
        if (!class_map_get(j->in->categories, t, (size_t)j->class, &name, e))
            return false;
        j->truth[at] = number_of(j, j->score, name);
    }
    if (j->compare != TABLE_NONE) {
        name = table_field(t, (size_t)j->compare);
        j->other[at] = name.n > 0 ? number_of(j, j->second.score, name) : SCORE_NONE;
    }
    if (score_classes(j->score) <= MODEL_MAX_CLASSES &&
        (j->compare == TABLE_NONE || score_classes(j->second.score) <= MODEL_MAX_CLASSES))
        return true;
    return err_set(e, "%s:%llu: more than %d classes; -c names the class column", table_path(t),
                   (unsigned long long)table_line(t), MODEL_MAX_CLASSES);
}

static bool take_batch(struct judging *j, struct err *e)
{
    struct batch *const b = &j->in->batch;
    const uint64_t before = table_rows(j->in->table) - b->n;
    const bool has_class = j->class != TABLE_NONE;

    if (!input_ask(j->in, e))
        return false;
    for (size_t i = 0; i < b->n; i++) {
        const uint32_t verdict = input_verdict(j->in, &b->answers[i]);
        if (has_class) {
            score_add(j->score, j->truth[i], verdict, 1);
            newness_add(&j->newness, b->answers[i].novelty, j->truth[i] < j->in->model->n_classes);
        }
        if (j->second.name)
            second_take(&j->second, before + i + 1, verdict, j->other[i],
                        has_class ? score_name(j->score, j->truth[i]) : NULL);
    }
    b->n = 0;
    progress_at(j->progress, table_rows(j->in->table));
    return true;
}

static bool judge(struct judging *j, struct err *e)
{
    struct batch *const b = &j->in->batch;
    enum table_status status;

    while ((status = input_next(j->in, e)) == TABLE_ROW) {
        if (!take_row(j, e))
            return false;
        /* Unknown rows are copied from the table's buffer. */
        if ((b->n == b->most || j->in->unknown) && !take_batch(j, e))
            return false;
    }
    if (status == TABLE_END && table_rows(j->in->table) == 0)
        return err_set(e, "%s: has no rows to judge the model by", table_path(j->in->table));
    return status == TABLE_END && take_batch(j, e);
}

static uint32_t commonest(const struct cnn *m)
{
    uint32_t best = 0;

    for (uint32_t c = 1; c < m->n_classes; c++)
        if (m->classes[c].rows > m->classes[best].rows)
            best = c;
    return best;
}

static const char *plural(size_t n)
{
    return n == 1 ? "" : "s";
}

static void describe(const struct cnn *m, struct textbuf *text)
{
    textbuf_printf(text, "%s; %zu packet%s and %zu statistic%s, %zu class%s; trained on %llu rows",
                   m->plan->text, m->places, plural(m->places), m->n_stats, plural(m->n_stats),
                   m->n_classes, m->n_classes == 1 ? "" : "es", (unsigned long long)m->rows);
}

static double share(uint64_t part, uint64_t all)
{
    return (double)part / (double)all;
}

static void newness_text(struct newness *x, double rate, struct out *out)
{
    out_printf(out, "\nunknown: newer than %g of the known flows that did not train\n", 1 - rate);
    if (x->known)
        out_printf(out, "lost       %.4f  %llu of %llu rows of classes that the model knows\n",
                   share(x->lost, x->known), (unsigned long long)x->lost,
                   (unsigned long long)x->known);
    if (x->others)
        out_printf(out, "found      %.4f  %llu of %llu rows of other classes\n",
                   share(x->found, x->others), (unsigned long long)x->found,
                   (unsigned long long)x->others);
    if (x->known && x->others)
        out_printf(out, "AUROC      %.4f\n", newness_auroc(x));
}

static void newness_metrics(struct newness *x, enum table_format format, struct out *out)
{
    struct table_writer *const w = table_writer_new(out, format);

    if (x->known)
        findings_share(w, "unknown_lost", share(x->lost, x->known));
    if (x->others)
        findings_share(w, "unknown_found", share(x->found, x->others));
    if (x->known && x->others)
        findings_share(w, "unknown_auroc", newness_auroc(x));
    table_writer_free(w);
}

static void write_report(struct judging *j, struct out *out)
{
    const struct input *const in = j->in;
    const struct cnn *const m = in->model;
    const enum table_format format = in->options->shared->format;
    struct textbuf about = {0};

    describe(m, &about);
    const struct findings f = {.made = m->made,
                               .about = about.p,
                               .n_classes = m->n_classes + !in->options->closed,
                               .commonest = commonest(m),
                               .rows = table_rows(in->table),
                               .score = j->score,
                               .second = &j->second};
    findings_write(&f, format, out);
    if (j->newness.n > 0 && format == TABLE_AUTO)
        newness_text(&j->newness, m->unknown.rate, out);
    else if (j->newness.n > 0)
        newness_metrics(&j->newness, format, out);
    free(about.p);
}

bool report_run(struct input *in, struct out *out, struct err *e)
{
    struct judging j = {.in = in,
                        .score = new_score(in),
                        .known = intern_new(),
                        .progress = progress_new(in->options->shared->progress, "rows", 0),
                        .truth = mem_alloc(in->batch.most, sizeof *j.truth),
                        .other = mem_alloc(in->batch.most, sizeof *j.other)};
    for (size_t c = 0; c < in->model->n_classes; c++)
        (void)intern_add(j.known, span_of(in->model->classes[c].name));
    const bool ok = open_columns(&j, e) && judge(&j, e);

    progress_end(j.progress);
    if (ok)
        write_report(&j, out);
    score_free(j.score);
    score_free(j.second.score);
    intern_free(j.known);
    newness_free(&j.newness);
    free(j.truth);
    free(j.other);
    return ok;
}
