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
    for (size_t i = 0; i < m->n_stats; i++)
        stats += 1 + m->stats[i].flag;
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
    for (size_t i = 0; i < m->n_stats; i++)
        free(m->stats[i].name);
    for (size_t i = 0; i < m->n_classes; i++)
        free(m->classes[i].name);
    free(m->made);
    free(m->label);
    free(m->stats);
    free(m->classes);
    nn_plan_free(m->plan);
    free(m->params);
    free(m->unknown.means);
    free(m->unknown.whiten);
    free(m);
}

static void write_stat(const struct cnn_stat *s, struct out *o)
{
    const double values[2] = {s->mean, s->deviation};

    out_printf(o, "statistic %s %s", s->log ? "log" : "linear", s->flag ? "flag" : "plain");
    lines_write_f64(o, values, 2);
    out_printf(o, " %s\n", s->name);
}

static void write_unknown(const struct cnn_unknown *u, size_t n_classes, struct out *o)
{
    const double values[2] = {u->rate, u->threshold};

    out_text(o, "unknown");
    lines_write_f64(o, values, 2);
    out_text(o, "\n");
    lines_write_floats(o, "mean", u->means, n_classes * u->hidden, u->hidden);
    for (size_t i = 0; i < u->hidden; i++)
        lines_write_floats(o, "whiten", u->whiten + i * (i + 1) / 2, i + 1, i + 1);
}

void cnn_write(const struct cnn *m, struct out *o)
{
    char *const layers = cnn_layers(m);

    out_text(o, "weir-cnn 1\nmade ");
    out_text(o, m->made);
    out_printf(o, "\nseed %llu\nrows %llu\nlabel ", (unsigned long long)m->seed,
               (unsigned long long)m->rows);
    out_printf(o, "%s\nplaces %zu", m->label, m->places);
    for (int s = 0; s < CNN_SEQUENCES; s++)
        if (m->sequences >> s & 1)
            out_printf(o, " %.3s", stems[s]);
    out_printf(o, "\nstatistics %zu\n", m->n_stats);
    for (size_t i = 0; i < m->n_stats; i++)
        write_stat(&m->stats[i], o);
    out_printf(o, "classes %zu\n", m->n_classes);
    for (size_t i = 0; i < m->n_classes; i++) {
        out_printf(o, "class %llu", (unsigned long long)m->classes[i].rows);
        lines_write_f64(o, &m->classes[i].weight, 1);
        out_printf(o, " %s\n", m->classes[i].name);
    }
    out_printf(o, "layers %s\nparameters %zu\n", layers, m->plan->n_params);
    lines_write_floats(o, "p", m->params, m->plan->n_params, 16);
    write_unknown(&m->unknown, m->n_classes, o);
    free(layers);
}
