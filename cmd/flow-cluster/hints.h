/* What the rows of a cluster say that could be its name. */
#ifndef FLOW_CLUSTER_HINTS_H
#define FLOW_CLUSTER_HINTS_H

#include "table.h"

#include <stddef.h>
#include <stdint.h>

struct hints;

/* Finds the columns that may say something; there may be none. Freed with hints_free(). */
struct hints *hints_new(const struct table *t);
void hints_free(struct hints *h); /* NULL is allowed */

/* Takes the table's current row. */
void hints_row(struct hints *h, const struct table *t);

/* The name that at least half of the rows with cluster[row] == number have in common: the domain of
 * the server (of tls.sni, quic.sni or http.host the first that is there), else the protocol that
 * the flow was recognised by, else protocol and port such as "udp-3478"; HINTS_NONE where there
 * is none. It stays until hints_free(). */
#define HINTS_NONE "cluster"
const char *hints_name(const struct hints *h, const uint32_t *cluster, uint32_t number);

/* The part of a host's name that an owner registers: the last two labels, or three where the last
 * has two letters and the one before no more than three ("www.bbc.co.uk": "bbc.co.uk"). Empty where
 * it is no name but an address, or has other characters than letters, digits, '-', '_' and '.'. */
struct span hints_domain(struct span host);

#endif
