/* The figures as a table for scripts or as a text for people. */
#ifndef WEIR_TRAFCMP_REPORT_H
#define WEIR_TRAFCMP_REPORT_H

#include "figure.h"
#include "out.h"
#include "series.h"
#include "table.h"

#include <stdbool.h>

struct report {
    const char *real, *synth; /* names of the files */
    struct series *real_series, *synth_series;
    bool trees; /* what takes trees was measured */
    struct figures figures;
    struct figures halves; /* the second half of REAL beside the first */
    struct figures blocks; /* every other block of REAL beside the rest */
};

void report_table(const struct report *r, enum table_format format, struct out *out);
void report_text(const struct report *r, struct out *out);

#endif
