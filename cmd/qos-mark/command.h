/* Another program with a text as its standard input. */
#ifndef QOS_MARK_COMMAND_H
#define QOS_MARK_COMMAND_H

#include "err.h"

#include <stddef.h>

/* Runs argv, found in PATH or where administrators' programs are, to its end; what it says goes to
 * standard error. False with *e where it can't be run or does not exit with 0. */
bool command_run(const char *const *argv, const char *text, size_t n, struct err *e);

/* The same where its failure does not matter, nor what it says. */
void command_try(const char *const *argv);

#endif
