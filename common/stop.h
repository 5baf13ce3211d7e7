/* SIGINT, SIGTERM and SIGHUP as a wish to end soon. */
#ifndef WEIR_STOP_H
#define WEIR_STOP_H

#include "err.h"

#include <stdbool.h>

/* From now on the first of these signals is remembered; a second one ends the program. False
 * with *e. */
bool stop_watch(struct err *e);
bool stop_asked(void);

#endif
