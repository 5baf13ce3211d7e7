#include "cnn.h"

#include "lines.h"
#include "mem.h"
#include "textbuf.h"

#include <stdlib.h>
#include <string.h>

static const char *const stems[CNN_SEQUENCES] = {"len_", "iat_", "dir_"};

const char *cnn_sequence_stem(enum cnn_sequence s)
{
    return stems[s];
}

struct nn_shape cnn_shape(const struct cnn *m, size_t *extra)
{
    size_t channels = 1, stats = 0; /* the first channel says that there is a packet */

    for (int s = 0; s < CNN_SEQUENCES; s++)
        channels += m->sequences >> s & 1;
    for (int s = 0; s < CNN_DIR; s++)
        channels += knots_count(&m->knots[s]);
    for (size_t i = 0; i < m->n_stats; i++)
        stats += 1 + knots_count(&m->stats[i].knots) + m->stats[i].flag;
    *extra = m->places > 0 ? stats : 0;
    return m->places > 0 ? (struct nn_shape){m->places, channels} : (struct nn_shape){1, stats};
}

bool cnn_plan(struct cnn *m, const char *layers, struct err *e)
{
    struct textbuf text = {0};
    size_t extra;
    const struct nn_shape in = cnn_shape(m, &extra);

    textbuf_printf(&text, "%s,dense:%zu", layers, m->n_classes);
    nn_plan_free(m->plan);
    m->plan = nn_plan_new(text.p, in, extra, e);
    free(text.p);
    if (!m->plan)
        return false;
    const struct nn_shape hidden = m->plan->layers[m->plan->n_layers - 1].in;
    if (hidden.steps != 1)
        return err_set(e, "the layers end in %zu steps, not in one: flatten is missing",
                       hidden.steps);
    if (hidden.channels > CNN_MOST_HIDDEN)
        return err_set(e, "the layers end in %zu numbers, more than %d: end them in a dense layer",
                       hidden.channels, CNN_MOST_HIDDEN);
    m->unknown.hidden = hidden.channels;
    return true;
}

char *cnn_layers(const struct cnn *m)
{
    const char *const text = m->plan->text, *const last = strrchr(text, ',');

    return mem_string(text, (size_t)(last - text));
}

void cnn_free(struct cnn *m)
{
    if (!m)
        return;
    for (size_t i = 0; i < m->n_stats; i++) {
        free(m->stats[i].name);
        free(m->stats[i].knots.at);
    }
    for (int s = 0; s < CNN_DIR; s++)
        free(m->knots[s].at);
    for (size_t i = 0; i < m->n_classes; i++)
        free(m->classes[i].name);
    free(m->made);
    free(m->label);
    free(m->stats);
    free(m->classes);
    nn_plan_free(m->plan);
    for (size_t i = 0; i < m->n_members; i++) {
        free(m->members[i].params);
        free(m->members[i].n_points);
        free(m->members[i].points);
        free(m->members[i].whiten);
    }
    free(m->members);
    free(m);
}

bool cnn_fits(const struct cnn *m, const struct cnn_member *member)
{
    const size_t hidden = m->unknown.hidden;

    return lines_floats_fit(member->params, m->plan->n_params) &&
           lines_floats_fit(member->points, cnn_points(m, member) * hidden) &&
           lines_floats_fit(member->whiten, hidden * (hidden + 1) / 2);
}

static void write_stat(const struct cnn_stat *s, struct out *o)
{
    const double values[2] = {s->mean, s->deviation};

    out_printf(o, "statistic %s %s", s->log ? "log" : "linear", s->flag ? "flag" : "plain");
    lines_write_f64(o, values, 2);
    out_printf(o, " %s\n", s->name);
    knots_write(&s->knots, o);
}

static void write_places(const struct cnn *m, struct out *o)
{
    out_printf(o, "places %zu", m->places);
    for (int s = 0; s < CNN_SEQUENCES; s++)
        if (m->sequences >> s & 1)
            out_printf(o, " %.3s", stems[s]);
    out_text(o, "\n");
    for (int s = 0; s < CNN_DIR; s++)
        if (m->sequences >> s & 1)
            knots_write(&m->knots[s], o);
}

static void write_member(const struct cnn *m, const struct cnn_member *member, struct out *o)
{
    const size_t hidden = m->unknown.hidden;

    lines_write_floats(o, "p", member->params, m->plan->n_params, 16);
    out_text(o, "points");
    for (size_t c = 0; c < m->n_classes; c++)
        out_printf(o, " %zu", member->n_points[c]);
    out_text(o, "\n");
    lines_write_floats(o, "point", member->points, cnn_points(m, member) * hidden, hidden);
    for (size_t i = 0; i < hidden; i++)
        lines_write_floats(o, "whiten", member->whiten + i * (i + 1) / 2, i + 1, i + 1);
}

void cnn_write(const struct cnn *m, struct out *o)
{
    char *const layers = cnn_layers(m);

    out_text(o, "weir-cnn 3\nmade ");
    out_text(o, m->made);
    out_printf(o, "\nseed %llu\nrows %llu\nlabel ", (unsigned long long)m->seed,
               (unsigned long long)m->rows);
    out_printf(o, "%s\n", m->label);
    write_places(m, o);
    out_printf(o, "statistics %zu\n", m->n_stats);
    for (size_t i = 0; i < m->n_stats; i++)
        write_stat(&m->stats[i], o);
    out_printf(o, "classes %zu\n", m->n_classes);
    for (size_t i = 0; i < m->n_classes; i++) {
        out_printf(o, "class %llu", (unsigned long long)m->classes[i].rows);
        lines_write_f64(o, &m->classes[i].weight, 1);
        out_printf(o, " %s\n", m->classes[i].name);
    }
    const double unknown[2] = {m->unknown.rate, m->unknown.threshold};
    out_text(o, "unknown");
    lines_write_f64(o, unknown, 2);
    out_printf(o, "\nlayers %s\nparameters %zu\nmembers %zu\n", layers, m->plan->n_params,
               m->n_members);
    for (size_t i = 0; i < m->n_members; i++)
        write_member(m, &m->members[i], o);
    free(layers);
}
