#include "textbuf.h"

#include "err.h"
#include "mem.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void textbuf_bytes(struct textbuf *t, const void *p, size_t n)
{
    t->p = mem_grow(t->p, &t->cap, t->n + n + 1, 1);
    if (n > 0)
        memcpy(t->p + t->n, p, n);
    t->n += n;
    t->p[t->n] = '\0';
}

void textbuf_put(struct textbuf *t, const char *s)
{
    textbuf_bytes(t, s, strlen(s));
}

void textbuf_char(struct textbuf *t, char c)
{
    textbuf_bytes(t, &c, 1);
}

void textbuf_printf(struct textbuf *t, const char *fmt, ...)
{
    enum { GUESS = 256 };
    va_list ap, again;

    va_start(ap, fmt);
    va_copy(again, ap);
    t->p = mem_grow(t->p, &t->cap, t->n + GUESS, 1);
    const int n = vsnprintf(t->p + t->n, GUESS, fmt, ap);
    if (n < 0)
        die("a text that can't be formatted");
    if (n >= GUESS) {
        t->p = mem_grow(t->p, &t->cap, t->n + (size_t)n + 1, 1);
        (void)vsnprintf(t->p + t->n, (size_t)n + 1, fmt, again);
    }
    t->n += (size_t)n;
    va_end(again);
    va_end(ap);
}
