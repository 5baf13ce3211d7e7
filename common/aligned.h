/* Names in aligned columns: widths in characters (UTF-8), control characters shown as '?'. */
#ifndef WEIR_ALIGNED_H
#define WEIR_ALIGNED_H

#include "out.h"

#include <stddef.h>

size_t text_width(const char *s);

/* Writes s and as many blanks as make it `width` characters wide, after it or before it. */
void text_left(struct out *o, const char *s, size_t width);
void text_right(struct out *o, const char *s, size_t width);

#endif
