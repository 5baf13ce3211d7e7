/* The flow classifier: a network over the first packets of a flow and its statistics, what of a
 * table goes in, which classes come out, and how far from them a flow is unknown. Its text file is
 * described in weir-formats(5). */
#ifndef WEIR_CNN_H
#define WEIR_CNN_H

#include "err.h"
#include "knots.h"
#include "model.h"
#include "nn_plan.h"
#include "out.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    CNN_MOST_STATS = 4096,
    CNN_MOST_CLASSES = 4096,
    CNN_MOST_HIDDEN = 1024, /* numbers of the last hidden layer */
    CNN_MOST_MEMBERS = 100,
    CNN_MOST_POINTS = 4096, /* of a class and member, that say what is known */
};

/* The category that never trains: its flows are unknown; and what is said of unknown flows, which
 * no class may be called. */
#define CNN_OTHER "other"
#define CNN_UNKNOWN "Other"

/* What is known of each packet: bits of the sequences that a table has. */
enum cnn_sequence { CNN_LEN, CNN_IAT, CNN_DIR, CNN_SEQUENCES };

/* The names of their columns without the number: "len_", "iat_", "dir_". */
const char *cnn_sequence_stem(enum cnn_sequence s);

/* A statistic of the flow, standardised: (x - mean) / deviation, where x is the value or, with log,
 * its ln(1 + |x|) with its sign; and the value's place among knots. */
struct cnn_stat {
    char *name;
    bool log;
    bool flag; /* was empty in training: a second number says whether it is there */
    double mean, deviation;
    struct knots knots;
};

/* One of the networks that answer together, and what its last hidden layer says of known flows:
 * each class is a mixture of Gaussians there, one around each of some of its flows, all of one
 * covariance. */
struct cnn_member {
    float *params;
    size_t *n_points; /* of each class, CNN_MOST_POINTS at most; one at least of all */
    float *points;    /* class by class, hidden numbers each */
    float *whiten; /* hidden rows of 1, 2, … numbers: W with W'W the inverse of the covariance */
};

/* What is called unknown: what is new beyond the threshold. */
struct cnn_unknown {
    size_t hidden;    /* numbers of the last hidden layer */
    double rate;      /* the share of known flows that are beyond the threshold */
    double threshold; /* > 0 */
};

struct cnn {
    char *made; /* the tool and its options */
    uint64_t seed;
    uint64_t rows;               /* that trained */
    char *label;                 /* name of the class column */
    size_t places;               /* packets of a flow; 0: none */
    unsigned sequences;          /* 1 << enum cnn_sequence for those that there are */
    struct knots knots[CNN_DIR]; /* of lengths, with the sign of their direction, and of gaps */
    struct cnn_stat *stats;
    size_t n_stats;
    struct model_class *classes; /* in the order of the outputs */
    size_t n_classes;
    struct nn_plan *plan; /* of each member; ends in dense:n_classes */
    struct cnn_member *members;
    size_t n_members; /* whose probabilities and whose newness count by their means */
    struct cnn_unknown unknown;
};

/* The points of a member, of all classes. */
static inline size_t cnn_points(const struct cnn *m, const struct cnn_member *member)
{
    size_t n = 0;

    for (size_t c = 0; c < m->n_classes; c++)
        n += member->n_points[c];
    return n;
}

/* The shape of what goes in: places and channels, or one place of statistics where there are no
 * sequences; *extra: further numbers, the statistics beside sequences. */
struct nn_shape cnn_shape(const struct cnn *m, size_t *extra);

/* The plan for these layers before the last: true with m->plan, or false with *e where they do not
 * fit what goes in, or do not end in one step of CNN_MOST_HIDDEN numbers at most. */
bool cnn_plan(struct cnn *m, const char *layers, struct err *e);

/* The layers as cnn_plan() took them. Freed by the caller. */
char *cnn_layers(const struct cnn *m);

/* Reads a model; path NULL or "-": standard input. NULL with *e ("FILE:LINE: …") where it is not
 * whole and sound. Freed with cnn_free(). */
struct cnn *cnn_read(const char *path, struct err *e);
struct cnn *cnn_read_memory(const void *p, size_t n, const char *name, struct err *e);
void cnn_free(struct cnn *m); /* NULL is allowed */

/* Every member's numbers fit (cnn_fits()). */
void cnn_write(const struct cnn *m, struct out *o);

/* Whether the numbers of a member are such as a file may hold: training may drive them anywhere. */
bool cnn_fits(const struct cnn *m, const struct cnn_member *member);

#endif
