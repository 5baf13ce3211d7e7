#include "input.h"

#include "by_time.h"
#include "live.h"
#include "mem.h"

#include <stdlib.h>

/* Either one file after another, or all at once. */
struct input {
    const struct options *o;
    struct input_calls calls;
    struct capture **captures; /* those that are open, by origin; NULL: not */
    struct by_time *merge;     /* all at once; NULL: the one before `next` */
    size_t next;               /* the origin to open next */
    bool begun;                /* begin() was called, end() was not */
    size_t failed;
};

static void tell_failure(struct input *in, const struct err *e)
{
    in->failed++;
    warn("%s", e->text);
}

static bool open_interface(struct input *in, size_t origin, struct err *e)
{
    const struct options *const o = in->o;
    const struct tap_options tap = {
        .snaplen = o->snaplen,
        .buffer = o->buffer,
        /* A row for each packet is for who wants to know at once. */
        .immediate = !o->flows.on,
        .group = o->fanout,
    };

    in->captures[origin] = capture_open_live(o->origins[origin].name, &tap, e);
    return in->captures[origin] != NULL;
}

/* False with *e where an interface can't be opened. */
static bool open_all(struct input *in, struct err *e)
{
    struct err why;

    in->merge = by_time_new();
    in->next = in->o->n_origins;
    for (size_t i = 0; i < in->o->n_origins; i++) {
        if (in->o->live && !open_interface(in, i, e))
            return false;
        if (!in->o->live && !(in->captures[i] = capture_open(in->o->origins[i].name, &why)))
            tell_failure(in, &why);
    }
    return true;
}

/* The first file, so that most often none has to be opened later. */
static void open_early(struct input *in)
{
    struct err e;

    in->captures[0] = capture_open(in->o->origins[0].name, &e);
    if (in->captures[0])
        return;
    tell_failure(in, &e);
    in->next = 1;
}

struct input *input_open(const struct options *o, const struct input_calls *calls, struct err *e)
{
    struct input *const in = mem_zero(1, sizeof *in);

    in->o = o;
    in->calls = *calls;
    in->captures = mem_zero(o->n_origins, sizeof(struct capture *));
    if (!o->live && !o->merge)
        open_early(in);
    else if (!open_all(in, e)) {
        input_free(in);
        return NULL;
    }
    return in;
}

void input_free(struct input *in)
{
    if (!in)
        return;
    if (in->o->live)
        live_unwatch();
    by_time_free(in->merge);
    for (size_t i = 0; i < in->o->n_origins; i++)
        capture_close(in->captures[i]);
    free(in->captures);
    free(in);
}

bool input_start(struct input *in, struct err *e)
{
    const size_t n = in->o->n_origins;
    struct err why;

    for (size_t i = 0; in->merge && i < n; i++)
        if (in->captures[i]) {
            if (in->calls.begin(in->calls.context, (uint32_t)i, &why))
                by_time_add(in->merge, in->captures[i], (uint32_t)i);
            else
                tell_failure(in, &why);
        }
    in->begun = in->merge != NULL;
    return !in->o->live || live_watch(in->captures, n, in->o->duration, e);
}

static void end_capture(struct input *in)
{
    if (in->begun)
        in->calls.end(in->calls.context);
    in->begun = false;
}

/* Opens files until one can be read. False when there is none left. */
static bool open_next(struct input *in)
{
    struct err e;

    while (in->next < in->o->n_origins) {
        struct capture **const c = &in->captures[in->next];
        const uint32_t origin = (uint32_t)in->next++;
        if (!*c)
            *c = capture_open(in->o->origins[origin].name, &e);
        in->begun = *c && in->calls.begin(in->calls.context, origin, &e);
        if (in->begun)
            return true;
        capture_close(*c);
        *c = NULL;
        tell_failure(in, &e);
    }
    return false;
}

/* The next frame of the file at hand, or of the first of those after it that has one. */
static enum capture_status next_of_files(struct input *in, struct frame *f, struct err *e)
{
    while (in->begun || open_next(in)) {
        struct capture **const c = &in->captures[in->next - 1];
        const enum capture_status status = capture_next(*c, f, e);
        f->origin = (uint32_t)in->next - 1;
        if (status == CAPTURE_FRAME)
            return status;
        end_capture(in);
        capture_close(*c);
        *c = NULL;
        if (status == CAPTURE_BAD)
            return status;
    }
    return CAPTURE_END;
}

enum input_status input_next(struct input *in, struct frame *f)
{
    enum capture_status status;
    struct err e;

    while ((status = in->merge ? by_time_next(in->merge, f, &e) : next_of_files(in, f, &e)) ==
           CAPTURE_BAD)
        tell_failure(in, &e);
    return status == CAPTURE_FRAME ? INPUT_FRAME : status == CAPTURE_IDLE ? INPUT_IDLE : INPUT_END;
}

void input_finish(struct input *in)
{
    end_capture(in);
}

bool input_counts(const struct input *in, size_t origin, struct tap_counts *counts)
{
    return capture_counts(in->captures[origin], counts);
}

size_t input_failed(const struct input *in)
{
    return in->failed;
}
