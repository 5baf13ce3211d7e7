#include "mem.h"
#include "num.h"
#include "split.h"
#include "textbuf.h"

#include <stdio.h>
#include <stdlib.h>

typedef unsigned long long ull;

enum { MOST_NAMED = 20 }; /* classes, in one remark */

static double percent(uint64_t part, uint64_t whole)
{
    return whole ? 100 * (double)part / (double)whole : 0;
}

static const char *plural(uint64_t n)
{
    return n == 1 ? "" : "s";
}

static void report_side(const struct split *s, size_t side, const struct class_counts *all)
{
    const char *const name = side == TEST ? "test" : "train";
    const uint64_t rows = all->rows[side];

    if (s->groups)
        cli_note(s->shared, "%s: %llu row%s (%.1f %%), %llu group%s", name, (ull)rows, plural(rows),
                 percent(rows, s->rows), (ull)all->groups[side], plural(all->groups[side]));
    else
        cli_note(s->shared, "%s: %llu row%s (%.1f %%)", name, (ull)rows, plural(rows),
                 percent(rows, s->rows));
}

static void report_class(const struct split *s, const char *name, const struct class_counts *c)
{
    char text[2][96];

    for (size_t side = TRAIN; side <= TEST; side++) {
        const uint64_t rows = c->rows[side], groups = c->groups[side];
        const int n =
            snprintf(text[side], sizeof text[side], "%llu row%s", (ull)rows, plural(rows));
        if (s->groups)
            (void)snprintf(text[side] + n, sizeof text[side] - (size_t)n, " in %llu group%s",
                           (ull)groups, plural(groups));
    }
    cli_note(s->shared, "class '%s': train %s, test %s (%.1f %%)", name, text[TRAIN], text[TEST],
             percent(c->rows[TEST], c->rows[TRAIN] + c->rows[TEST]));
}

/* Classes in order of name, their sums, and those that miss a part. */
static void report_classes(const struct split *s)
{
    const size_t n = intern_count(s->classes);
    uint32_t *const order = mem_alloc(n, sizeof *order);
    struct class_counts all = {0};
    struct textbuf few = {0};
    size_t n_few = 0;

    for (uint32_t i = 0; i < n; i++)
        order[s->rank[i]] = i;
    for (size_t i = 0; i < n; i++) {
        const struct class_counts *const c = &s->counts[order[i]];
        for (size_t side = TRAIN; side <= TEST; side++) {
            all.rows[side] += c->rows[side];
            all.groups[side] += c->groups[side];
        }
    }
    report_side(s, TRAIN, &all);
    report_side(s, TEST, &all);
    for (size_t i = 0; i < n && s->label != TABLE_NONE; i++) {
        const char *const name = intern_text(s->classes, order[i]);
        const struct class_counts *const c = &s->counts[order[i]];
        report_class(s, name, c);
        if ((c->rows[TRAIN] == 0 || c->rows[TEST] == 0) && n_few++ < MOST_NAMED)
            textbuf_printf(&few, "%s'%s'", n_few > 1 ? ", " : "", name);
    }
    if (n_few > 0)
        cli_note(s->shared, "classes on one side only: %zu (%s%s)", n_few, few.p,
                 n_few > MOST_NAMED ? ", …" : "");
    free(few.p);
    free(order);
}

static void report_time(const struct split *s)
{
    char cut[NUM_TIME_MAX + 1];
    uint64_t groups = 0, rows = 0;

    *num_put_time(cut, s->cut) = '\0';
    cli_note(s->shared, "cut at %s: train begins before it, test at it or later", cut);
    for (size_t i = 0; i < s->groups->n; i++) {
        const struct group *const group = &s->groups->all[i];
        if (group->start < s->cut && group->end >= s->cut) {
            groups++;
            rows += group->rows;
        }
    }
    if (groups > 0)
        cli_note(
            s->shared,
            "%llu group%s (%llu row%s) that began before the cut and went on after it: in train",
            (ull)groups, plural(groups), (ull)rows, plural(rows));
}

static void report_twins(const struct split *s)
{
    const struct twin_counts *const c = &s->twin_counts;
    uint64_t test = 0;

    for (size_t i = 0; i < intern_count(s->classes); i++)
        test += s->counts[i].rows[TEST];
    if (s->label == TABLE_NONE)
        cli_note(s->shared, "test rows with the same features as a train row: %llu (%.1f %%)",
                 (ull)c->rows, percent(c->rows, test));
    else
        cli_note(s->shared,
                 "test rows with the same features as a train row: %llu (%.1f %%), "
                 "%llu of them as one of another class",
                 (ull)c->rows, percent(c->rows, test), (ull)c->other_class);
}

void split_report(const struct split *s)
{
    report_classes(s);
    if (grouping_by(s->grouping) == BY_TIME)
        report_time(s);
    /* Each row was looked at twice. */
    const uint64_t empty = s->groups ? grouping_empty(s->grouping) / 2 : 0;
    if (empty > 0)
        cli_note(s->shared, "%llu row%s empty in '%s': one group", (ull)empty, plural(empty),
                 s->options->by);
    if (s->twins)
        report_twins(s);
}
