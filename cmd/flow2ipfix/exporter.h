/* Rows to IPFIX messages (RFC 7011), through libfixbuf. Whoever uses it gets every message: those
 * that describe (templates, and the types of own elements, RFC 5610) before the rows that need
 * them. */
#ifndef FLOW2IPFIX_EXPORTER_H
#define FLOW2IPFIX_EXPORTER_H

#include "err.h"
#include "message.h"
#include "plan.h"
#include "table.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct exporter;

struct exporter_options {
    uint32_t domain;    /* observation domain */
    size_t most_bytes;  /* of a message, unless one row alone has more */
    uint32_t most_rows; /* in a message */
};

struct exporter_counts {
    uint64_t rows, messages;
    size_t templates;
    uint64_t large;  /* messages above most_bytes: of one row or template */
    uint64_t mended; /* texts that were no UTF-8 */
};

/* Takes a message; its bytes are valid, and may be changed, until it returns. False with *e ends
 * the work. */
struct exporter_sink {
    bool (*describe)(void *context, const struct message *m, struct err *e);
    bool (*data)(void *context, const struct message *m, struct err *e);
    void *context;
};

/* The plan must stay. Freed with exporter_free(). */
struct exporter *exporter_new(const struct plan *p, const struct exporter_options *o,
                              const struct exporter_sink *sink);
void exporter_free(struct exporter *x);

/* Adds the table's row; a message that is full goes to the sink. False with *e. */
bool exporter_row(struct exporter *x, const struct table *t, struct err *e);

/* Gives the sink what waits for more rows. */
bool exporter_flush(struct exporter *x, struct err *e);

struct exporter_counts exporter_counts(const struct exporter *x);

#endif
