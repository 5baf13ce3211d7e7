/* Reading a flow classifier: lines in the order in which cnn_write() has them. Nothing is allocated
 * by a number in the file before the lines that it counts have come. */
#include "cnn.h"
#include "feature.h"
#include "file.h"
#include "lines.h"
#include "mem.h"

#include <stdlib.h>
#include <string.h>

static const double MOST_NUMBER = 1e30;

static bool read_head(struct lines *l, struct cnn *m)
{
    return lines_expect(l, "made") && lines_rest(l, "text", &m->made) && lines_expect(l, "seed") &&
           lines_u64(l, "seed", 0, UINT64_MAX, &m->seed) && lines_done(l) &&
           lines_expect(l, "rows") && lines_u64(l, "number of rows", 1, UINT64_MAX, &m->rows) &&
           lines_done(l) && lines_expect(l, "label") && lines_rest(l, "name", &m->label);
}

static bool read_places(struct lines *l, struct cnn *m)
{
    uint64_t places;

    if (!lines_expect(l, "places") || !lines_u64(l, "number of places", 0, FEATURE_PLACES, &places))
        return false;
    m->places = places;
    while (l->text.n > 0) {
        const struct span word = lines_word(l);
        int s = 0;
        while (
            s < CNN_SEQUENCES &&
            !(word.n == 3 && memcmp(word.p, cnn_sequence_stem((enum cnn_sequence)s), word.n) == 0))
            s++;
        if (s == CNN_SEQUENCES || m->sequences >> s)
            return lines_fail(l, "'%.*s' is not the next of len, iat and dir",
                              (int)(word.n < 40 ? word.n : 40), word.p);
        m->sequences |= 1U << s;
    }
    if ((places > 0) != (m->sequences > 0))
        return lines_fail(l, "places and what is known of them go together");
    for (int s = 0; s < CNN_DIR; s++)
        if (m->sequences >> s & 1 && !knots_read(l, &m->knots[s]))
            return false;
    return true;
}

static bool read_stat(struct lines *l, struct cnn_stat *s)
{
    if (!lines_expect(l, "statistic"))
        return false;
    const struct span scale = lines_word(l), flag = lines_word(l);
    s->log = span_is(scale, "log");
    s->flag = span_is(flag, "flag");
    if (!s->log && !span_is(scale, "linear"))
        return lines_fail(l, "a statistic is log or linear");
    if (!s->flag && !span_is(flag, "plain"))
        return lines_fail(l, "a statistic is flag or plain");
    return lines_f64(l, "mean", -MOST_NUMBER, MOST_NUMBER, &s->mean) &&
           lines_f64(l, "deviation", 1 / MOST_NUMBER, MOST_NUMBER, &s->deviation) &&
           lines_rest(l, "name", &s->name) && knots_read(l, &s->knots);
}

static bool read_stats(struct lines *l, struct cnn *m)
{
    uint64_t n;
    size_t cap = 0;

    if (!lines_expect(l, "statistics") ||
        !lines_u64(l, "number of statistics", 0, CNN_MOST_STATS, &n) || !lines_done(l))
        return false;
    while (m->n_stats < n) {
        m->stats = mem_grow(m->stats, &cap, m->n_stats + 1, sizeof *m->stats);
        m->stats[m->n_stats] = (struct cnn_stat){0};
        if (!read_stat(l, &m->stats[m->n_stats++]))
            return false;
    }
    return m->places + m->n_stats > 0 || lines_fail(l, "there is nothing to classify by");
}

static bool known(const struct cnn *m, const char *name)
{
    for (size_t i = 0; i + 1 < m->n_classes; i++)
        if (strcmp(m->classes[i].name, name) == 0)
            return true;
    return false;
}

static bool read_classes(struct lines *l, struct cnn *m)
{
    uint64_t n;
    size_t cap = 0;

    if (!lines_expect(l, "classes") ||
        !lines_u64(l, "number of classes", 1, CNN_MOST_CLASSES, &n) || !lines_done(l))
        return false;
    while (m->n_classes < n) {
        m->classes = mem_grow(m->classes, &cap, m->n_classes + 1, sizeof *m->classes);
        struct model_class *const c = &m->classes[m->n_classes++];
        *c = (struct model_class){0};
        if (!lines_expect(l, "class") || !lines_u64(l, "number of rows", 0, UINT64_MAX, &c->rows) ||
            !lines_f64(l, "weight", 1e-9, 1e18, &c->weight) || !lines_rest(l, "name", &c->name))
            return false;
        if (known(m, c->name))
            return lines_fail(l, "a second class '%s'", c->name);
        if (strcmp(c->name, CNN_UNKNOWN) == 0)
            return lines_fail(l, "a class '" CNN_UNKNOWN "', as unknown flows are called");
    }
    return true;
}

static bool read_network(struct lines *l, struct cnn *m)
{
    char *layers = NULL;
    struct err why;
    uint64_t n;

    bool ok = lines_expect(l, "layers") && lines_rest(l, "text", &layers);
    if (ok && !cnn_plan(m, layers, &why))
        ok = lines_fail(l, "%s", why.text);
    free(layers);
    return ok && lines_expect(l, "parameters") &&
           lines_u64(l, "number of parameters", m->plan->n_params, m->plan->n_params, &n) &&
           lines_done(l);
}

static bool read_whiten(struct lines *l, size_t n, float **x)
{
    size_t cap = 0, at = 0;

    for (size_t i = 0; i < n; i++) {
        float *row = NULL;
        const bool ok = lines_floats(l, "whiten", i + 1, i + 1, &row);
        if (ok) {
            *x = mem_grow(*x, &cap, at + i + 1, sizeof **x);
            memcpy(*x + at, row, (i + 1) * sizeof *row);
        }
        free(row);
        if (!ok)
            return false;
        at += i + 1;
    }
    return true;
}

/* How many points there are of each class, and the points. */
static bool read_points(struct lines *l, const struct cnn *m, struct cnn_member *to)
{
    if (!lines_expect(l, "points"))
        return false;
    to->n_points = mem_zero(m->n_classes, sizeof *to->n_points);
    for (size_t c = 0; c < m->n_classes; c++) {
        uint64_t n;
        if (!lines_u64(l, "number of points", 0, CNN_MOST_POINTS, &n))
            return false;
        to->n_points[c] = (size_t)n;
    }
    const size_t all = cnn_points(m, to), hidden = m->unknown.hidden;
    if (all == 0)
        return lines_fail(l, "there is no point of any class");
    return lines_done(l) && lines_floats(l, "point", all * hidden, hidden, &to->points);
}

static bool read_member(struct lines *l, const struct cnn *m, struct cnn_member *to)
{
    return lines_floats(l, "p", m->plan->n_params, 16, &to->params) && read_points(l, m, to) &&
           read_whiten(l, m->unknown.hidden, &to->whiten);
}

static bool read_members(struct lines *l, struct cnn *m)
{
    uint64_t n;
    size_t cap = 0;

    if (!lines_expect(l, "members") ||
        !lines_u64(l, "number of members", 1, CNN_MOST_MEMBERS, &n) || !lines_done(l))
        return false;
    while (m->n_members < n) {
        m->members = mem_grow(m->members, &cap, m->n_members + 1, sizeof *m->members);
        m->members[m->n_members] = (struct cnn_member){0};
        if (!read_member(l, m, &m->members[m->n_members++]))
            return false;
    }
    return true;
}

static bool read_unknown(struct lines *l, struct cnn_unknown *u)
{
    return lines_expect(l, "unknown") && lines_f64(l, "rate", 0, 1, &u->rate) &&
           lines_f64(l, "threshold", 1 / MOST_NUMBER, MOST_NUMBER, &u->threshold) && lines_done(l);
}

static bool read_model(struct lines *l, struct cnn *m)
{
    bool cut;

    return read_head(l, m) && read_places(l, m) && read_stats(l, m) && read_classes(l, m) &&
           read_unknown(l, &m->unknown) && read_network(l, m) && read_members(l, m) &&
           (!lines_next(l, &cut) ||
            lines_fail(l, "the model is complete, and here is one more line"));
}

struct cnn *cnn_read_memory(const void *p, size_t n, const char *name, struct err *e)
{
    struct lines l = lines_new(p, n, name, e);
    struct cnn *const m = mem_zero(1, sizeof *m);

    if (lines_begin(&l, "weir-cnn 3", "a flow classifier") && read_model(&l, m))
        return m;
    cnn_free(m);
    return NULL;
}

struct cnn *cnn_read(const char *path, struct err *e)
{
    size_t n;
    char *const text = file_read(path, &n, e);
    struct cnn *const m = text ? cnn_read_memory(text, n, file_name(path), e) : NULL;

    free(text);
    return m;
}
