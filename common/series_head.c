#include "series_head.h"

#include "series.h"

bool series_head_read(struct lines *l, const struct series_head *h)
{
    return lines_expect(l, "made") && lines_rest(l, "text", h->made) && lines_expect(l, "seed") &&
           lines_u64(l, "seed", 0, UINT64_MAX, h->seed) && lines_done(l) &&
           lines_expect(l, "iat") && lines_rest(l, "column", h->iat_column) &&
           lines_expect(l, "resolution") &&
           lines_u64(l, "resolution", 1, SERIES_MAX_IAT, h->resolution) && lines_done(l);
}

void series_head_write(const struct series_head *h, struct out *o)
{
    out_text(o, "made ");
    out_text(o, *h->made);
    out_printf(o, "\nseed %llu\niat ", (unsigned long long)*h->seed);
    out_text(o, *h->iat_column);
    out_printf(o, "\nresolution %llu\n", (unsigned long long)*h->resolution);
}
