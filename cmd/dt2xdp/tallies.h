/* Tallies: what the program counts over the first packets of a flow (flow_count.h), in C. Each
 * count is a member of the flow's state, changed by each of these packets. */
#ifndef DT2XDP_TALLIES_H
#define DT2XDP_TALLIES_H

#include "model.h"
#include "out.h"
#include "textbuf.h"

/* Writes struct flow_state. */
void tallies_state(const struct model *m, struct out *out);

/* Writes begin_flow() and add_packet(). */
void tallies_functions(const struct model *m, struct out *out);

/* Puts the C expression of a feature's value, and that of whether it is known: none where it always
 * is (in a direction without packets there is no least length). */
void tally_value(const char *feature, struct textbuf *t);
void tally_known(const char *feature, struct textbuf *t);

#endif
