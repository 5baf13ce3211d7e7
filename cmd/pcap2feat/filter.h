/* tcpdump filter expressions on frames of any link type: compiled once a link type, when its first
 * frame comes. */
#ifndef WEIR_FILTER_H
#define WEIR_FILTER_H

#include "capture.h"
#include "err.h"

#include <stdbool.h>

struct filter;

/* NULL with *e when the expression is wrong. Freed with filter_free(). */
struct filter *filter_new(const char *expression, struct err *e);
void filter_free(struct filter *f);

/* Whether the frame matches. A frame of a link type for which the expression makes no sense (the
 * compiler refuses it) does not match; filter_refused() counts those frames. */
bool filter_match(struct filter *f, const struct frame *frame);
uint64_t filter_refused(const struct filter *f);

#endif
