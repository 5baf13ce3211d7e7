#include "suggest.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

enum { LONGEST = 64 };

static size_t min3(size_t a, size_t b, size_t c)
{
    const size_t ab = a < b ? a : b;
    return ab < c ? ab : c;
}

/* Levenshtein's distance, one row at a time. */
static size_t edit_distance(const char *a, size_t na, const char *b, size_t nb)
{
    size_t row[LONGEST + 1];

    for (size_t j = 0; j <= nb; j++)
        row[j] = j;
    for (size_t i = 1; i <= na; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= nb; j++) {
            const int same = tolower((unsigned char)a[i - 1]) == tolower((unsigned char)b[j - 1]);
            const size_t replaced = diagonal + !same;
            diagonal = row[j];
            row[j] = min3(row[j] + 1, row[j - 1] + 1, replaced);
        }
    }
    return row[nb];
}

void suggest_offer(struct suggest *s, const char *text, const char *name)
{
    const size_t nt = strlen(text), nn = strlen(name);

    if (nt == 0 || nt > LONGEST || nn > LONGEST)
        return;
    const size_t d = edit_distance(text, nt, name, nn);
    const size_t near = nt < 4 ? 1 : nt / 3 + 1;
    if (d <= near && d < nt && (!s->best || d < s->distance)) {
        s->best = name;
        s->distance = d;
    }
}

const char *suggest_text(const struct suggest *s, char *buf, size_t size)
{
    buf[0] = '\0';
    if (s->best)
        (void)snprintf(buf, size, " (did you mean '%s'?)", s->best);
    return buf;
}
