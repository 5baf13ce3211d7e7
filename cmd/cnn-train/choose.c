#include "choose.h"

#include "feature.h"
#include "mem.h"
#include "names.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct choice {
    struct cnn *m;
    const struct table *t;
    const struct options *o;
    size_t places[CNN_SEQUENCES]; /* numbers 1 to this one are there */
    size_t cap;
};

/* The sequence that a column is of, and its number; CNN_SEQUENCES where it is of none. */
static enum cnn_sequence sequence_of(const struct feature *f, const char *name, size_t *number)
{
    static const enum feature_id ids[CNN_SEQUENCES] = {F_LEN_N, F_IAT_N, F_DIR_N};
    int s = 0;

    while (s < CNN_SEQUENCES && !(f && feature_id(f) == ids[s]))
        s++;
    *number = s < CNN_SEQUENCES ? feature_number(name) : 0;
    return (enum cnn_sequence)s;
}

/* By its own name, or that of its series. */
static bool listed(const char *list, const char *name, const struct feature *f)
{
    return names_have(list, name) || (f && names_have(list, f->name));
}

static bool wanted(const struct choice *c, const char *name, const struct feature *f)
{
    if (strcmp(name, c->o->label) == 0 || listed(c->o->drop, name, f))
        return false;
    return c->o->features ? listed(c->o->features, name, f) : !f || f->role == ROLE_FEATURE;
}

static bool add_stat(struct choice *c, const char *name, struct err *e)
{
    struct cnn *const m = c->m;

    for (const char *p = name; *p; p++)
        if ((unsigned char)*p < ' ' || *p == 127)
            return err_set(e, "%s:1: the name of a column has a control character",
                           table_path(c->t));
    if (m->n_stats == CNN_MOST_STATS)
        return err_set(e, "%s:1: more than %d statistics", table_path(c->t), CNN_MOST_STATS);
    m->stats = mem_grow(m->stats, &c->cap, m->n_stats + 1, sizeof *m->stats);
    m->stats[m->n_stats++] = (struct cnn_stat){.name = mem_string(name, strlen(name))};
    return true;
}

/* That a name in a list is a column's, or that of a series with columns. */
static bool check_name(void *choice, const char *name, struct err *e)
{
    const struct choice *const c = choice;
    size_t column;

    for (size_t i = 0; i < table_width(c->t); i++) {
        const struct feature *const f = feature_find(table_name(c->t, i));
        if (f && strcmp(f->name, name) == 0)
            return true;
    }
    return table_require(c->t, name, &column, e);
}

/* A sequence has all places from 1 on: those behind a gap are not of it. */
static void find_sequences(struct choice *c)
{
    char name[32];

    for (int s = 0; s < CNN_SEQUENCES; s++)
        for (size_t n = 1; n <= FEATURE_PLACES; n++) {
            (void)snprintf(name, sizeof name, "%s%zu", cnn_sequence_stem((enum cnn_sequence)s), n);
            if (table_find(c->t, name) == TABLE_NONE || !wanted(c, name, feature_find(name)))
                break;
            c->places[s] = n;
        }
}

/* As many places as the shortest of the sequences that there are, or as are asked for. */
static bool set_places(struct choice *c, struct err *e)
{
    struct cnn *const m = c->m;
    size_t least = FEATURE_PLACES + 1;

    for (int s = 0; s < CNN_SEQUENCES; s++)
        if (c->places[s] > 0) {
            m->sequences |= 1U << s;
            least = c->places[s] < least ? c->places[s] : least;
        }
    m->places = m->sequences ? least : 0;
    if (c->o->places > m->places)
        return err_set(e,
                       "%s:1: --first-packets=%zu, and the table has %zu (pcap2feat --per=flow "
                       "--first-packets=%zu writes that many)",
                       table_path(c->t), c->o->places, m->places, c->o->places);
    if (c->o->places)
        m->places = c->o->places;
    return true;
}

bool choose_columns(struct cnn *m, const struct table *t, const struct options *o, struct err *e)
{
    struct choice c = {.m = m, .t = t, .o = o};

    if (!names_each(o->features, check_name, &c, e) || !names_each(o->drop, check_name, &c, e))
        return false;
    find_sequences(&c);
    if (!set_places(&c, e))
        return false;
    for (size_t i = 0; i < table_width(t); i++) {
        const char *const name = table_name(t, i);
        const struct feature *const f = feature_find(name);
        size_t number;
        if (wanted(&c, name, f) && sequence_of(f, name, &number) == CNN_SEQUENCES &&
            !add_stat(&c, name, e))
            return false;
    }
    return m->places + m->n_stats > 0 ||
           err_set(e, "%s:1: there is no column that may train (--features=LIST names some)",
                   table_path(t));
}
