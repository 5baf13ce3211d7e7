/* A packet series as it was read, and the way from packets to the plane and back; for
 * tests/series.bats.
 *
 * Usage: series TABLE [COLUMN]    prints a line a packet, flow by flow
 *        series -c TABLE          only how many of everything
 *        series                   the plane */
#include "series.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static void print_packets(const struct series *s)
{
    for (size_t f = 0; f < s->n_flows; f++)
        for (size_t i = s->first[f]; i < s->first[f + 1]; i++)
            printf("flow %zu %s %u %llu\n", f, series_dir_name(s->dir[i]), s->len[i],
                   (unsigned long long)s->iat[i]);
}

static void print_counts(const struct series *s)
{
    printf("%zu packets, %zu flows, %llu without a time, resolution %llu, of %s\n", s->n,
           s->n_flows, (unsigned long long)s->without_time, (unsigned long long)s->resolution,
           s->iat_column);
}

static int show(const char *path, const char *column, bool counts)
{
    const struct series_options options = {.iat = column};
    struct err e;
    struct series *const s = series_read(path, &options, &e);

    if (!s) {
        fprintf(stderr, "%s\n", e.text);
        return 1;
    }
    print_counts(s);
    for (int dir = SERIES_FORWARD; !counts && dir >= SERIES_BACKWARD; dir--) {
        struct series *const part = series_of(s, (enum series_dir)dir);
        printf("%s: ", series_dir_name((enum series_dir)dir));
        print_counts(part);
        print_packets(part);
        series_free(part);
    }
    if (!counts) {
        printf("both:\n");
        print_packets(s);
    }
    series_free(s);
    return 0;
}

/* Every length and times of all sizes come back; whatever is no packet becomes one. */
static int check_plane(void)
{
    for (uint32_t len = 0; len <= SERIES_MAX_LEN; len++)
        assert(series_len_of(series_point((uint16_t)len, 0).len) == len);
    for (uint64_t iat = 0; iat <= SERIES_MAX_IAT / 3 * 2; iat += iat / 3 + 1) {
        const uint64_t back = series_iat_of(series_point(0, iat).iat, 1);
        const uint64_t off = back > iat ? back - iat : iat - back;
        assert(off <= iat / 100000000000000 + 1);
        assert(series_iat_of(series_point(0, iat / 1000 * 1000).iat, 1000) == iat / 1000 * 1000);
    }
    const double odd[] = {NAN, -NAN, -INFINITY, -1e300, -1, -1e-300, 0};
    for (size_t i = 0; i < sizeof odd / sizeof *odd; i++)
        assert(series_len_of(odd[i]) == 0 && series_iat_of(odd[i], 1000) == 0);
    assert(series_len_of(INFINITY) == SERIES_MAX_LEN && series_len_of(1e300) == SERIES_MAX_LEN);
    assert(series_iat_of(INFINITY, 1) == SERIES_MAX_IAT);
    assert(series_iat_of(400, 1000) == SERIES_MAX_IAT / 1000 * 1000);
    assert(series_iat_of(log10(1 + 1.4995), 1000) == 1000);
    assert(series_iat_of(log10(1 + 1.5005), 1000) == 2000);
    return 0;
}

int main(int argc, char **argv)
{
    if (argc == 1)
        return check_plane();
    const bool counts = strcmp(argv[1], "-c") == 0;
    return show(argv[counts ? 2 : 1], !counts && argc > 2 ? argv[2] : NULL, counts);
}
