#include "input.h"

#include "live.h"
#include "mem.h"

#include <stdlib.h>

struct input {
    const struct options *o;
    struct input_calls calls;
    struct capture *capture; /* at hand; NULL: none */
    uint32_t origin;         /* its place among the origins */
    size_t next;             /* the origin to open next */
    bool begun;              /* begin() was called, end() was not */
    size_t failed;
};

struct input *input_open(const struct options *o, const struct input_calls *calls, struct err *e)
{
    struct input *const in = mem_zero(1, sizeof *in);

    in->o = o;
    in->calls = *calls;
    if (!o->interface)
        return in;
    in->capture = capture_open_live(o->interface, o->snaplen, true, e);
    if (in->capture)
        return in;
    free(in);
    return NULL;
}

void input_free(struct input *in)
{
    if (!in)
        return;
    capture_close(in->capture);
    free(in);
}

bool input_start(struct input *in, struct err *e)
{
    if (!in->o->interface)
        return true;
    in->next = 1;
    in->begun = in->calls.begin(in->calls.context, 0, e);
    return in->begun && live_watch(in->capture, in->o->duration, e);
}

static void tell_failure(struct input *in, const struct err *e)
{
    in->failed++;
    warn("%s", e->text);
}

static void report_drops(const struct input *in)
{
    const struct cli_shared_values *const v = &in->o->shared;
    uint64_t received, dropped;

    if (capture_drops(in->capture, &received, &dropped) && (dropped > 0 || v->verbose > 0))
        cli_note(v, "%s: the kernel dropped %llu of %llu packets", in->o->interface,
                 (unsigned long long)dropped, (unsigned long long)received);
}

static void end_capture(struct input *in)
{
    if (in->capture && in->o->interface) {
        live_unwatch();
        report_drops(in);
    }
    if (in->begun)
        in->calls.end(in->calls.context);
    in->begun = false;
    capture_close(in->capture);
    in->capture = NULL;
}

/* Opens files until one can be read. False when there is none left. */
static bool next_capture(struct input *in)
{
    struct err e;

    while (in->next < in->o->n_origins) {
        in->origin = (uint32_t)in->next++;
        in->capture = capture_open(in->o->origins[in->origin].name, &e);
        in->begun = in->capture && in->calls.begin(in->calls.context, in->origin, &e);
        if (in->begun)
            return true;
        tell_failure(in, &e);
        end_capture(in);
    }
    return false;
}

enum input_status input_next(struct input *in, struct frame *f)
{
    struct err e;

    while (in->capture || next_capture(in)) {
        const enum capture_status status = capture_next(in->capture, f, &e);
        if (status == CAPTURE_FRAME) {
            f->origin = in->origin;
            return INPUT_FRAME;
        }
        if (status == CAPTURE_IDLE)
            return INPUT_IDLE;
        if (status == CAPTURE_BAD)
            tell_failure(in, &e);
        end_capture(in);
    }
    return INPUT_END;
}

void input_finish(struct input *in)
{
    if (in->capture)
        end_capture(in);
    in->next = in->o->n_origins;
}

size_t input_failed(const struct input *in)
{
    return in->failed;
}
