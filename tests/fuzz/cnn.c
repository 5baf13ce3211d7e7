/* Flow classifiers of strangers: the reader takes them or says why not; what it took has a network
 * of its size, finite numbers, encodes whatever there is, and reads back as it was written. */
#include "cnn.h"
#include "cnn_input.h"
#include "mem.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void require(bool ok)
{
    if (!ok)
        abort();
}

static void check_finite(const float *x, size_t n)
{
    for (size_t i = 0; i < n; i++)
        require(isfinite(x[i]));
}

static void check_members(const struct cnn *m)
{
    const size_t hidden = m->unknown.hidden, triangle = hidden * (hidden + 1) / 2;

    require(m->n_members >= 1);
    for (size_t i = 0; i < m->n_members; i++) {
        check_finite(m->members[i].params, m->plan->n_params);
        const size_t points = cnn_points(m, &m->members[i]);
        require(points > 0);
        check_finite(m->members[i].points, points * hidden);
        check_finite(m->members[i].whiten, triangle);
    }
}

/* Flows of which the first `packets` are there, all numbers the same, are encoded whole and within
 * what the header says. */
static void check_encoding(const struct cnn *m, size_t packets, double packet, double stat)
{
    size_t extra;
    const struct nn_shape shape = cnn_shape(m, &extra);
    const size_t n = shape.steps * shape.channels;
    double *const given = mem_alloc(m->places * CNN_SEQUENCES, sizeof *given),
                  *const stats = mem_alloc(m->n_stats, sizeof *stats);
    float *const in = mem_alloc(n, sizeof *in), *const more = mem_alloc(extra, sizeof *more);

    for (size_t i = 0; i < m->places * CNN_SEQUENCES; i++)
        given[i] = i < packets * CNN_SEQUENCES ? packet : NAN;
    for (size_t i = 0; i < m->n_stats; i++)
        stats[i] = stat;
    cnn_encode(m, given, stats, in, more);
    for (size_t i = 0; i < n; i++)
        require(fabsf(in[i]) <= 50);
    for (size_t i = 0; i < extra; i++)
        require(fabsf(more[i]) <= 50);
    free(given);
    free(stats);
    free(in);
    free(more);
}

static void check_numbers(const struct cnn *m)
{
    static const double values[] = {0, -1e30, 1e30, 1500, NAN};
    size_t extra;
    const struct nn_shape in = cnn_shape(m, &extra);

    require(m->plan->out.steps == 1 && m->plan->out.channels == m->n_classes);
    require(in.steps == m->plan->in.steps && in.channels == m->plan->in.channels);
    require(extra == m->plan->extra && m->unknown.hidden >= 1 && m->unknown.threshold > 0);
    check_members(m);
    for (size_t v = 0; v < sizeof values / sizeof *values; v++)
        check_encoding(m, v % 2 ? m->places : m->places / 2, v % 2 ? 65535 : 0, values[v]);
}

/* The model as text, and what was read of that text. */
static void check_text(const struct cnn *m)
{
    char path[] = "/tmp/cnn-fuzz-XXXXXX";
    struct err e;
    const int fd = mkstemp(path);

    require(fd >= 0 && close(fd) == 0);
    struct out *const o = out_open(path, &e);
    require(o != NULL);
    cnn_write(m, o);
    require(out_close(o, &e));
    struct cnn *const back = cnn_read(path, &e);
    require(back != NULL && back->plan->n_params == m->plan->n_params);
    require(strcmp(back->plan->text, m->plan->text) == 0);
    require(back->n_stats == m->n_stats && back->n_classes == m->n_classes);
    require(back->n_members == m->n_members);
    for (size_t i = 0; i < m->n_members; i++)
        require(memcmp(back->members[i].params, m->members[i].params,
                       m->plan->n_params * sizeof(float)) == 0);
    cnn_free(back);
    require(unlink(path) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct err e = {""};
    struct cnn *const m = cnn_read_memory(data, size, "input", &e);

    if (!m) {
        require(e.text[0] && !strchr(e.text, '\n'));
        return 0;
    }
    check_numbers(m);
    check_text(m);
    cnn_free(m);
    return 0;
}
