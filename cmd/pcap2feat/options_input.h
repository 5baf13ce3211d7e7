/* The options of what is read: files and interfaces, filters, how packets are taken from the
 * kernel. */
#ifndef PCAP2FEAT_OPTIONS_INPUT_H
#define PCAP2FEAT_OPTIONS_INPUT_H

#include "options.h"

enum input_option {
    INPUT_INTERFACE,
    INPUT_SNAPLEN,
    INPUT_DURATION,
    INPUT_USER,
    INPUT_BUFFER,
    INPUT_FANOUT,
    INPUT_MERGE,
    INPUT_STATS,
    INPUT_FILTER,
};

/* The value of the option just read. All of these end the program where something is wrong. */
void options_input_take(struct options *o, const struct cli *c, enum input_option which);

/* Once all are read: what goes together. */
void options_input_check(const struct options *o);

/* Lists the origins, for which the format must be known. */
void options_input_origins(struct options *o);
void options_input_free(struct options *o);

#endif
