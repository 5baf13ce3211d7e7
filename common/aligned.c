#include "aligned.h"

#include <stdbool.h>

static bool continues(char c)
{
    return ((unsigned char)c & 0xc0) == 0x80;
}

size_t text_width(const char *s)
{
    size_t n = 0;

    for (; *s; s++)
        n += !continues(*s);
    return n;
}

static void put(struct out *o, const char *s)
{
    for (; *s; s++) {
        const bool control = (unsigned char)*s < ' ' || *s == 127;
        out_bytes(o, control ? "?" : s, 1);
    }
}

static void blanks(struct out *o, size_t used, size_t width)
{
    for (; used < width; used++)
        out_bytes(o, " ", 1);
}

void text_left(struct out *o, const char *s, size_t width)
{
    put(o, s);
    blanks(o, text_width(s), width);
}

void text_right(struct out *o, const char *s, size_t width)
{
    blanks(o, text_width(s), width);
    put(o, s);
}
