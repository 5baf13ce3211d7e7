/* The figures of a comparison: one list of all of them, from which both kinds of output and the
 * man page's order come. */
#ifndef WEIR_TRAFCMP_FIGURE_H
#define WEIR_TRAFCMP_FIGURE_H

#include "series.h"

#include <stdbool.h>
#include <stddef.h>

enum metric {
    M_PACKETS,
    M_LEN_MEAN,
    M_LEN_KS,
    M_LEN_JS,
    M_LEN_KL,
    M_LEN_EMD,
    M_LEN_ACF,
    M_LEN_ACF1,
    M_LEN_POSITION_PEARSON,
    M_LEN_POSITION_SPEARMAN,
    M_IAT_MEAN,
    M_IAT_KS,
    M_IAT_JS,
    M_IAT_KL,
    M_IAT_EMD,
    M_IAT_ACF,
    M_IAT_ACF1,
    M_IAT_POSITION_PEARSON,
    M_IAT_POSITION_SPEARMAN,
    M_LEN_IAT_PEARSON,
    M_LEN_IAT_SPEARMAN,
    M_THROUGHPUT_MEAN,
    M_THROUGHPUT_KS,
    M_THROUGHPUT_JS,
    M_THROUGHPUT_KL,
    M_THROUGHPUT_EMD,
    M_BURST_MEAN,
    M_BURST_KS,
    M_COPIED,
    M_C2ST_TREE, /* from here on with trees */
    M_C2ST_FOREST,
    M_C2ST_TREE_SHUFFLED,
    M_C2ST_FOREST_SHUFFLED,
    M_TSTR_ACCURACY,
    M_TSTR_MACRO_F1,
    M_TSTR_SHUFFLED_ACCURACY,
    M_TSTR_SHUFFLED_MACRO_F1,
    M_TSTR_MAJORITY_ACCURACY,
    M_TSTR_MAJORITY_MACRO_F1,
    METRICS
};

/* What values are good. */
enum sense {
    SENSE_FACT, /* says something about the sides; has no floor */
    SENSE_NONE,
    SENSE_LOW,
    SENSE_HIGH,
    SENSE_CHANCE, /* a share of right guesses between two: one half is best */
};

struct metric_info {
    const char *name;          /* in tables */
    const char *group, *label; /* in the report */
    unsigned dirs;             /* that it is measured for: 1 << enum series_dir, … */
    enum sense sense;
    unsigned digits; /* after the point, in the report */
};

const struct metric_info *metric_info(enum metric m);

/* NaN: undefined, or not measured. */
struct figure {
    double value;
    double real, synth; /* where the value is the difference of two figures, one of each side */
    double error;       /* standard error of the value */
};

/* By metric and direction (enum series_dir). */
struct figures {
    struct figure at[METRICS][SERIES_BOTH + 1];
};

/* The order in which directions are told. */
extern const enum series_dir figures_dirs[SERIES_BOTH + 1];

void figures_clear(struct figures *f);

/* Sets a figure that both sides have for themselves, and its value: how far they are apart. */
void figures_set_two(struct figures *f, enum metric m, enum series_dir dir, double real,
                     double synth);

/* Whether a figure is no worse than what REAL's own parts differ by; of a share of right guesses
 * also whether it is within two standard errors of one half. */
bool figure_at_floor(enum metric m, const struct figure *figure, double floor);

#endif
