/* Packets to tokens. */
#ifndef GMM_CODE_ENCODE_H
#define GMM_CODE_ENCODE_H

#include "gmm.h"
#include "out.h"
#include "table.h"

/* Writes the rows with a column `token`; those without a time are left out and counted. False with
 * *e. */
bool encode(const struct gmm *m, struct table *t, enum table_format format, struct out *out,
            uint64_t *without_time, struct err *e);

#endif
