/* A packet series: direction, length and inter-arrival time of packets, in order; of one flow or of
 * many. What models of traffic learn from and what trafcmp compares.
 *
 * Its table has the columns `dir` (1 forward, 0 backward), `len` (bytes of the IP packet) and
 * `dir_iat` or `iat` (ns), and `flow` where there are many flows, whose packets may alternate. A
 * row whose time is empty has no previous packet: it is left out and counted. */
#ifndef WEIR_SERIES_H
#define WEIR_SERIES_H

#include "err.h"
#include "table.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SERIES_MAX_LEN UINT32_C(65535)
#define SERIES_MAX_IAT ((UINT64_C(1) << 48) - 1) /* ns, as the registry has it: 78 hours */

/* Where series begin that are made without another start: 2026-01-01, midnight UTC; ns. */
#define SERIES_START (UINT64_C(1767225600) * 1000000000)

enum series_dir {
    SERIES_BACKWARD,
    SERIES_FORWARD,
    SERIES_BOTH,
};

/* Packets in order of flow (by first appearance) and, within it, of the table. */
struct series {
    size_t n;
    uint64_t *iat; /* ns, <= SERIES_MAX_IAT */
    uint16_t *len;
    uint8_t *dir;          /* SERIES_FORWARD, SERIES_BACKWARD */
    size_t *first;         /* flow f is [first[f], first[f + 1]); n_flows + 1 places */
    size_t n_flows;        /* 0 only where n is 0 */
    uint64_t without_time; /* rows left out */
    uint64_t resolution; /* greatest common divisor of all iat, the clock's step; 1 if all are 0 */
    char *iat_column;    /* the column that iat came from */
    uint32_t *place;  /* where the packet of each row with a time went, in the order of rows; NULL
                         where it was not asked for, or packets stand in that order */
    uint32_t *labels; /* class of each packet; NULL where none was asked for or there is none */
    char **classes;   /* their names, by first appearance */
    size_t n_classes;
};

/* How a table is read. */
struct series_options {
    const char *iat;     /* the column of times; NULL: dir_iat */
    size_t most;         /* packets; more are an error that names the limit. 0: SERIES_MOST */
    bool places;         /* sets the series' place */
    bool may_be_empty;   /* no packets with a time are no error */
    const char *label;   /* the column of classes; NULL: none */
    bool label_optional; /* a table without that column is no error */
};
#define SERIES_MOST ((size_t)200000000)

/* Reads a table whole (path NULL or "-": standard input): 11 bytes a packet, 4 more for classes,
 * and 12 more while it sorts many flows. NULL with *e ("FILE:LINE: column …"); no packets are an
 * error unless they may be empty. Freed with series_free(). */
struct series *series_read(const char *path, const struct series_options *options, struct err *e);

/* The same from a table that has read no row yet, and stays open. */
struct series *series_from(struct table *t, const struct series_options *options, struct err *e);
void series_free(struct series *s);

/* The packets of one direction, flow by flow (flows without any are left out). A new series with
 * the resolution of the old and no classes. */
struct series *series_of(const struct series *s, enum series_dir dir);

/* The step of a clock that has told times in multiples of both: the greatest common divisor. */
uint64_t series_step(uint64_t a, uint64_t b);

/* "forward", "backward", "both". */
const char *series_dir_name(enum series_dir dir);

/* The plane that models work on: len / 1500 and log10(1 + iat in us). */
struct point {
    double len, iat;
};
struct point series_point(uint16_t len, uint64_t iat);

/* The way back: to the nearest byte and the nearest multiple of `resolution` ns, halves up, inside
 * [0, max]. Never fails, whatever the point is (NaN gives 0). */
uint16_t series_len_of(double len);
uint64_t series_iat_of(double iat, uint64_t resolution);

#endif
