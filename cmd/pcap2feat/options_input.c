#include "options_input.h"

#include "err.h"
#include "mem.h"
#include "num.h"

#include <limits.h>
#include <math.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    LEAST_BUFFER = 65536,
    MOST_MERGED = 256, /* files: each has a buffer of half a megabyte */
};

/* Bytes: a number, with K, M or G behind it. */
static int take_size(const struct cli *c)
{
    static const char suffixes[] = "KMG";
    const char *const value = cli_value(c);
    const size_t n = strcspn(value, suffixes);
    const char *const suffix = value[n] ? strchr(suffixes, value[n]) : NULL;
    const unsigned shift = suffix ? 10 * (unsigned)(suffix - suffixes + 1) : 0;
    uint64_t v;

    if ((value[n] && value[n + 1]) || num_u64(value, n, &v) != NUM_OK)
        cli_bad_value(c, "is not a number of bytes, such as 65536, 512K, 64M or 1G");
    if (v > (uint64_t)INT_MAX >> shift || v << shift < LEAST_BUFFER)
        cli_bad_value(c, "is not in 64K..2047M");
    return (int)(v << shift);
}

static void add_filter(struct options *o, const struct cli *c)
{
    const char *const value = cli_value(c);
    const size_t name = named_prefix(value);
    struct err e;
    struct filter *const f = filter_new(name ? value + name + 1 : value, &e);

    if (!f)
        die_usage("-f: %s", e.text);
    if (name > NAMED_LONGEST)
        cli_bad_value(c, "has a name of more than %d bytes", NAMED_LONGEST);
    if (name && !named_add(&o->named, value, name, f))
        cli_bad_value(c, o->named.n == NAMED_MOST ? "is one filter with a name too many"
                                                  : "has the name of another filter");
    if (!name) {
        filter_free(o->filter);
        o->filter = f;
    }
}

static void take_user(struct options *o, const struct cli *c)
{
    if (!getpwnam(cli_value(c)))
        cli_bad_value(c, "is not a user here");
    o->user = cli_value(c);
}

static void add_interface(struct options *o, const char *name)
{
    for (size_t i = 0; i < o->n_interfaces; i++)
        if (strcmp(o->interfaces[i], name) == 0)
            die_usage("-i: '%s' stands twice", name);
    o->interfaces =
        mem_grow(o->interfaces, &o->interfaces_cap, o->n_interfaces + 1, sizeof *o->interfaces);
    o->interfaces[o->n_interfaces++] = name;
    o->live = true;
}

void options_input_take(struct options *o, const struct cli *c, enum input_option which)
{
    switch (which) {
    case INPUT_INTERFACE:
        add_interface(o, cli_value(c));
        break;
    case INPUT_SNAPLEN:
        o->snaplen = (int)cli_u64(c, 64, DEFAULT_SNAPLEN);
        break;
    case INPUT_DURATION:
        o->duration = cli_f64(c, 0.001, 1e9);
        break;
    case INPUT_USER:
        take_user(o, c);
        break;
    case INPUT_BUFFER:
        o->buffer = take_size(c);
        break;
    case INPUT_FANOUT:
        o->fanout = (int)cli_u64(c, 0, TAP_MOST_GROUP);
        break;
    case INPUT_MERGE:
        o->merge = true;
        break;
    case INPUT_STATS:
        o->stats = (uint64_t)llround(cli_f64(c, 0.001, 1e9) * 1e9);
        break;
    case INPUT_FILTER:
        add_filter(o, c);
    }
}

/* The option that only live capture has, if one was given. */
static const char *live_only(const struct options *o)
{
    return o->user                         ? "-Z"
           : o->duration > 0               ? "--duration"
           : o->snaplen != DEFAULT_SNAPLEN ? "-s"
           : o->buffer != TAP_BUFFER       ? "--buffer"
           : o->fanout != TAP_NO_GROUP     ? "--fanout"
                                           : NULL;
}

void options_input_check(const struct options *o)
{
    if (o->live && o->n_files > 0)
        die_usage("an interface (-i) or files, not both");
    if (!o->live && live_only(o))
        die_usage("%s is for live capture (-i)", live_only(o));
    if (o->live && o->merge)
        die_usage("--merge is for files: interfaces (-i) always are");
    if (o->merge && o->n_files > MOST_MERGED)
        die_usage("--merge: %zu files, and at most %d can be open at once", o->n_files,
                  MOST_MERGED);
    if (!o->live && o->n_files == 0 && isatty(STDIN_FILENO))
        die_usage("no capture given, and standard input is a terminal");
}

static void add_origin(struct options *o, const char *name)
{
    char *const quoted = table_quoted(name, o->format);

    o->origins[o->n_origins++] = (struct origin){name, quoted, strlen(quoted)};
}

void options_input_origins(struct options *o)
{
    o->origins = mem_alloc(o->n_files + o->n_interfaces + 1, sizeof *o->origins);
    for (size_t i = 0; i < o->n_files; i++)
        add_origin(o, o->files[i]);
    for (size_t i = 0; i < o->n_interfaces; i++)
        add_origin(o, o->interfaces[i]);
    if (o->n_origins == 0)
        add_origin(o, "-");
}

void options_input_free(struct options *o)
{
    for (size_t i = 0; i < o->n_origins; i++)
        free(o->origins[i].quoted);
    free(o->origins);
    free(o->interfaces);
    filter_free(o->filter);
    named_free(&o->named);
}
