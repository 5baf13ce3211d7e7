#include "feature.h"
#include "mem.h"
#include "progress.h"
#include "row_places.h"
#include "split.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What a model may see: no identifiers, facts or labels, nor what tells the groups apart. */
static struct twins *choose_features(const struct split *s)
{
    const size_t width = table_width(s->table);
    size_t *const columns = mem_alloc(width, sizeof *columns);
    size_t n = 0;

    for (size_t i = 0; i < width; i++) {
        const struct feature *const f = feature_find(table_name(s->table, i));
        if ((long)i != s->label && !grouping_has(s->grouping, i) && (!f || f->role == ROLE_FEATURE))
            columns[n++] = i;
    }
    struct twins *const twins = n > 0 ? twins_new(columns, n) : NULL;
    free(columns);
    return twins;
}

/* Where the row goes. False with *e when the first pass did not see it. */
static bool find_part(const struct split *s, uint32_t class, size_t *part, struct err *e)
{
    if (s->places) {
        *part = row_places_take(s->places, s->stratum[class]);
    } else {
        const struct hash128 key = grouping_key(s->grouping, s->table);
        const uint32_t group = index_find(s->groups->keys, key);
        *part = group == INDEX_NONE ? MOST_PARTS : s->groups->all[group].part;
    }
    return *part < MOST_PARTS || err_set(e, "%s: changed while it was read", table_path(s->table));
}

static bool write_row(struct split *s, struct out *const files[2], struct err *e)
{
    const struct span raw = table_raw(s->table);
    uint32_t class;
    size_t part;

    if (!split_class(s, false, &class, e) || !find_part(s, class, &part, e))
        return false;
    const size_t side = part == s->test_part ? TEST : TRAIN;
    s->counts[class].rows[side]++;
    out_bytes(files[side], raw.p, raw.n);
    out_text(files[side], "\n");
    return !s->twins || twins_add(s->twins, s->table, class, side == TEST, e);
}

static bool write_rows(struct split *s, struct out *const files[2], struct err *e)
{
    struct progress *const progress = progress_new(s->shared->progress, "rows written", s->rows);
    enum table_status status = TABLE_BAD;
    bool ok = true;

    while (ok && (status = table_next(s->table, e)) == TABLE_ROW) {
        ok = write_row(s, files, e);
        progress_at(progress, table_rows(s->table));
    }
    progress_end(progress);
    if (!ok || status == TABLE_BAD)
        return false;
    return table_rows(s->table) == s->rows ||
           err_set(e, "%s: changed while it was read", table_path(s->table));
}

/* Both appear or neither: all bytes are written before the first gets its name. */
static bool close_both(const struct split *s, struct out *files[2], struct err *e)
{
    if (!out_flush(files[TRAIN])) {
        out_abandon(files[TEST]);
        return out_close(files[TRAIN], e);
    }
    if (!out_close(files[TEST], e)) {
        out_abandon(files[TRAIN]);
        return false;
    }
    if (out_close(files[TRAIN], e))
        return true;
    if (strcmp(s->options->test, "-") != 0)
        (void)unlink(s->options->test);
    return false;
}

static void count_groups(struct split *s)
{
    for (size_t i = 0; s->groups && i < s->groups->n; i++) {
        const struct group *const group = &s->groups->all[i];
        s->counts[group->class].groups[group->part == s->test_part ? TEST : TRAIN]++;
    }
}

bool split_write(struct split *s, struct err *e)
{
    struct out *files[2] = {NULL, NULL};

    s->counts = mem_zero(intern_count(s->classes), sizeof *s->counts);
    s->twins = choose_features(s);
    count_groups(s);
    if ((files[TRAIN] = out_open(s->options->train, e)) &&
        (files[TEST] = out_open(s->options->test, e))) {
        for (size_t i = TRAIN; i <= TEST; i++) {
            out_text(files[i], s->header);
            out_text(files[i], "\n");
        }
        if (table_rewind(s->table, e) && write_rows(s, files, e) &&
            (!s->twins || twins_count(s->twins, &s->twin_counts, e)))
            return close_both(s, files, e);
    }
    out_abandon(files[TRAIN]);
    out_abandon(files[TEST]);
    return false;
}
