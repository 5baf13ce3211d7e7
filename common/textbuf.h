/* Text that grows in memory: for what has to be looked at before it is written. */
#ifndef WEIR_TEXTBUF_H
#define WEIR_TEXTBUF_H

#include <stddef.h>

/* Start with a zeroed one. p ends in NUL once something was put; free(p) when done. */
struct textbuf {
    char *p;
    size_t n, cap;
};

void textbuf_put(struct textbuf *t, const char *s);
void textbuf_bytes(struct textbuf *t, const void *p, size_t n);
void textbuf_char(struct textbuf *t, char c);
void textbuf_printf(struct textbuf *t, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#endif
