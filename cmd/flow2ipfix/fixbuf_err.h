/* What libfixbuf says went wrong, as an error of ours. */
#ifndef FLOW2IPFIX_FIXBUF_ERR_H
#define FLOW2IPFIX_FIXBUF_ERR_H

#include "err.h"

#include <glib.h>
#include <stdbool.h>

/* Sets *e and frees the GError (NULL: it did not say); false. */
static inline bool fixbuf_err(struct err *e, const char *doing, GError *g)
{
    err_set(e, "libfixbuf: %s: %s", doing, g ? g->message : "no reason given");
    g_clear_error(&g);
    return false;
}

#endif
