#include "frames.h"

#include "mem.h"

#include <stdlib.h>

struct frames {
    const struct frames_kind *kind;
    void *self;
};

struct frames *frames_new(const struct frames_kind *kind, void *self)
{
    struct frames *const f = mem_alloc(1, sizeof *f);

    *f = (struct frames){kind, self};
    return f;
}

void frames_free(struct frames *f)
{
    if (!f)
        return;
    f->kind->free(f->self);
    free(f);
}

enum capture_status frames_next(struct frames *f, struct frame *frame, struct err *e)
{
    return f->kind->next(f->self, frame, e);
}

bool frames_rewind(struct frames *f, struct err *e)
{
    return f->kind->rewind(f->self, e);
}
