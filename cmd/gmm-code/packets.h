/* The packets that tokens stand for. */
#ifndef GMM_CODE_PACKETS_H
#define GMM_CODE_PACKETS_H

#include "gmm.h"
#include "out.h"
#include "table.h"
#include "tokens.h"

struct packets_options {
    uint64_t seed;
    bool mean; /* of the component, instead of a draw */
    enum table_format format;
};

/* Writes the table of packets in order of time: ts, flow, dir, len, dir_iat, iat, token. Every
 * flow begins at SERIES_START. A model of dir_iat moves a clock of each direction of a flow, one of
 * iat the flow's only clock; the first packet of a flow stands at its start, and packets of both
 * directions at the same time come forward first (with one clock: in the order of the tokens).
 * False with *e where the times outgrow a clock. */
bool packets_write(const struct gmm *m, const struct tokens *k, const struct packets_options *o,
                   struct out *out, struct err *e);

#endif
