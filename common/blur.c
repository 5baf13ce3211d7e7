#include "blur.h"

#include <math.h>

/* On the axis of lengths. */
static const double BYTE = 1.0 / 1500;

/* Sd 3e-6, a tenth of the least that a component has. */
static const double NO_BLUR = 1e-11;

/* Values a doubling of the variance. */
static const double STEPS = 2;

struct blurs blurs_of(uint64_t resolution)
{
    return (struct blurs){.resolution = resolution, .len = BYTE * BYTE / 12};
}

struct blurs blurs_none(void)
{
    return (struct blurs){.resolution = 0};
}

/* 0 for none, then 1 and up. The widest interval, of half a step of 2^48 ns, is 11.4 on the axis,
 * and so level 81. */
static size_t level_of(const struct blurs *b, uint64_t iat)
{
    const double half = (double)b->resolution / 2, at = (double)iat;
    const double low = at > half ? at - half : 0;
    const double width = log10((1000 + at + half) / (1000 + low)), var = width * width / 12;

    if (!(var > NO_BLUR))
        return 0;
    const size_t level = 1 + (size_t)lround(STEPS * log2(var / NO_BLUR));
    return level < BLUR_MOST ? level : BLUR_MOST - 1;
}

static uint8_t place_of(struct blurs *b, size_t level)
{
    if (b->places[level] == 0) {
        b->iat[b->n++] = level > 0 ? NO_BLUR * exp2((double)(level - 1) / STEPS) : 0;
        b->places[level] = (uint8_t)b->n;
    }
    return b->places[level] - 1;
}

/* A time of half a step is blurred most: its interval begins at 0, and is whole. One level more,
 * since a step may be odd. */
void blurs_add_all(struct blurs *b)
{
    const size_t most = level_of(b, (b->resolution + 1) / 2) + 1;

    for (size_t level = 0; level <= most; level++)
        (void)place_of(b, level);
}

uint8_t blurs_place(struct blurs *b, uint64_t iat)
{
    return place_of(b, level_of(b, iat));
}
