/* Questions about windows, with answers: what there is to learn for transfer.c. */
#ifndef WEIR_TRAFCMP_TASK_H
#define WEIR_TRAFCMP_TASK_H

#include "series.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What is asked, fixed by both series. */
struct task {
    size_t window;
    size_t n_answers;
    /* The next packet: quarter q of the lengths of a direction ends at edges[dir][q]. */
    uint16_t edges[SERIES_BOTH][3];
    /* The class: the answer that a class of synth is; NULL: the next packet is asked. */
    uint32_t *answers_of_synth;
};

struct task task_new(const struct series *real, const struct series *synth, size_t window);
void task_destroy(struct task *t);

/* Windows of a series and their answers. */
struct questions {
    const struct series *series;
    size_t n;
    size_t *places;
    uint32_t *answers;
};

/* At most `most` windows, evenly thinned; 0: all. Freed with questions_destroy(). */
struct questions task_ask(const struct task *t, const struct series *s, bool is_synth, size_t most);
void questions_destroy(struct questions *q);

#endif
