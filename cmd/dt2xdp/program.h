/* The whole program: its parts in order. */
#ifndef DT2XDP_PROGRAM_H
#define DT2XDP_PROGRAM_H

#include "classifier.h"

/* A classifier_writer; the options are struct options. */
bool program_write(const struct classifier *c, const void *options, struct out *out, struct err *e);

#endif
