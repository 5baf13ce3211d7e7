#include "task.h"

#include "intern.h"
#include "mem.h"
#include "window.h"

#include <stdlib.h>

enum { QUARTERS = 4 };

/* The lengths below which a quarter, two and three of the direction's packets are. */
static void find_edges(const struct series *s, uint8_t dir, uint16_t *edges)
{
    size_t *const counts = mem_zero((size_t)SERIES_MAX_LEN + 1, sizeof *counts);
    size_t all = 0, upto = 0, q = 0;

    for (size_t i = 0; i < s->n; i++)
        if (s->dir[i] == dir) {
            counts[s->len[i]]++;
            all++;
        }
    for (size_t len = 0; len <= SERIES_MAX_LEN; len++)
        for (upto += counts[len]; q < QUARTERS - 1 && upto * QUARTERS >= (q + 1) * all; q++)
            edges[q] = (uint16_t)len;
    free(counts);
}

static void match_classes(struct task *t, const struct series *real, const struct series *synth)
{
    struct intern *const names = intern_new();

    for (size_t i = 0; i < real->n_classes; i++)
        (void)intern_add(names, span_of(real->classes[i]));
    t->answers_of_synth = mem_alloc(synth->n_classes, sizeof *t->answers_of_synth);
    for (size_t i = 0; i < synth->n_classes; i++)
        t->answers_of_synth[i] = intern_add(names, span_of(synth->classes[i]));
    t->n_answers = intern_count(names);
    intern_free(names);
}

struct task task_new(const struct series *real, const struct series *synth, size_t window)
{
    struct task t = {.window = window, .n_answers = (size_t)SERIES_BOTH * QUARTERS};

    if (real->labels && synth->labels) {
        match_classes(&t, real, synth);
        return t;
    }
    find_edges(real, SERIES_BACKWARD, t.edges[SERIES_BACKWARD]);
    find_edges(real, SERIES_FORWARD, t.edges[SERIES_FORWARD]);
    return t;
}

void task_destroy(struct task *t)
{
    free(t->answers_of_synth);
}

static uint32_t next_packet(const struct task *t, const struct series *s, size_t i)
{
    const uint16_t *const edges = t->edges[s->dir[i]];
    uint32_t quarter = 0;

    while (quarter < QUARTERS - 1 && s->len[i] > edges[quarter])
        quarter++;
    return s->dir[i] * (uint32_t)QUARTERS + quarter;
}

struct questions task_ask(const struct task *t, const struct series *s, bool is_synth, size_t most)
{
    const bool classes = t->answers_of_synth != NULL;
    struct questions q = {.series = s};

    q.places = window_places(s, t->window, classes ? t->window : 1, classes ? 0 : 1, most, &q.n);
    q.answers = mem_alloc(q.n, sizeof *q.answers);
    for (size_t i = 0; i < q.n; i++) {
        const size_t end = q.places[i] + t->window;
        if (!classes)
            q.answers[i] = next_packet(t, s, end);
        else
            q.answers[i] = is_synth ? t->answers_of_synth[s->labels[end - 1]] : s->labels[end - 1];
    }
    return q;
}

void questions_destroy(struct questions *q)
{
    free(q->places);
    free(q->answers);
}
