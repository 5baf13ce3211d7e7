/* Protocol Buffers' text format, as far as P4Runtime and P4Info need it: messages in braces, and
 * fields that are numbers, words or quoted strings. */
#ifndef WEIR_TEXTPROTO_H
#define WEIR_TEXTPROTO_H

#include "scan.h"

enum { TEXTPROTO_MAX_DEPTH = 16, TEXTPROTO_MAX_STRING = 4096 };

enum textproto_event {
    TEXTPROTO_OPEN,   /* a message begins */
    TEXTPROTO_CLOSE,  /* and ends */
    TEXTPROTO_NUMBER, /* v->number; negative ones are passed over */
    TEXTPROTO_WORD,   /* v->text */
    TEXTPROTO_STRING, /* v->text, escapes resolved */
};

struct textproto_value {
    uint64_t number;
    struct span text;
};

/* `parent` is the message around ("" at the top), `name` the field. False ends the reading; the
 * handler has then set *s->e. */
typedef bool textproto_fn(void *context, const struct scan *s, enum textproto_event event,
                          struct span parent, struct span name, const struct textproto_value *v);

bool textproto_read(struct scan *s, textproto_fn *fn, void *context);

#endif
