/* What came of judging a model by a table: a report to read, or rows of (metric, value). */
#ifndef WEIR_FINDINGS_H
#define WEIR_FINDINGS_H

#include "out.h"
#include "score.h"
#include "second.h"
#include "table.h"

#include <stddef.h>
#include <stdint.h>

#define FINDINGS_UNKNOWN UINT32_MAX

struct findings {
    const char *made;            /* the tool and its options */
    const char *about;           /* the model in a line */
    size_t n_classes;            /* the model's; they come first in the score, in its order */
    uint32_t commonest;          /* of them in training, or FINDINGS_UNKNOWN */
    uint64_t rows;               /* of the table */
    const struct score *score;   /* without rows where the table has no classes */
    const struct second *second; /* its name is NULL where there is none */
};

/* TABLE_AUTO: the report; otherwise the metrics as a table. */
void findings_write(const struct findings *f, enum table_format format, struct out *out);

/* A row of such a table. */
void findings_share(struct table_writer *w, const char *metric, double v);
void findings_count(struct table_writer *w, const char *metric, uint64_t v);

/* For findings_write(): the two forms. order: of the classes in the score, the model's first, then
 * the others by name. */
void findings_text(const struct findings *f, const uint32_t *order, struct out *out);
void findings_metrics(const struct findings *f, const uint32_t *order, enum table_format format,
                      struct out *out);

#endif
