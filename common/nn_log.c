#include "nn_log.h"

#include "mem.h"
#include "out.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

struct nn_log {
    struct out *curve; /* NULL: none */
    bool tell, validates;
    struct nn_log_summary summary;
};

struct nn_log *nn_log_open(const char *curve, bool tell, bool validates, struct err *e)
{
    struct out *const out = curve ? out_open(curve, e) : NULL;

    if (curve && !out)
        return NULL;
    struct nn_log *const l = mem_zero(1, sizeof *l);
    *l = (struct nn_log){.curve = out, .tell = tell, .validates = validates};
    if (out)
        out_text(out, "epoch\tloss\tvalid_loss\tvalid_accuracy\trate\tbest\n");
    return l;
}

static void say(const struct nn_log *l, const struct nn_epoch *epoch)
{
    (void)fprintf(stderr, "%s: epoch %u: loss %.4f", program_invocation_short_name, epoch->number,
                  epoch->loss);
    if (l->validates)
        (void)fprintf(stderr, ", validation %.4f, accuracy %.4f", epoch->valid_loss,
                      epoch->valid_right);
    (void)fprintf(stderr, ", rate %.3g%s\n", epoch->rate, epoch->best ? ", best" : "");
}

bool nn_log_tell(void *log, const struct nn_epoch *epoch)
{
    struct nn_log *const l = log;

    l->summary.epochs = epoch->number;
    if (epoch->best) {
        l->summary.best = epoch->number;
        l->summary.loss = l->validates ? epoch->valid_loss : epoch->loss;
        l->summary.right = epoch->valid_right;
    }
    if (l->tell)
        say(l, epoch);
    if (!l->curve)
        return true;
    out_printf(l->curve, "%u\t%.9g\t", epoch->number, epoch->loss);
    if (l->validates)
        out_printf(l->curve, "%.9g\t%.9g", epoch->valid_loss, epoch->valid_right);
    else
        out_text(l->curve, "\t");
    out_printf(l->curve, "\t%.9g\t%d\n", epoch->rate, epoch->best);
    return !out_failed(l->curve);
}

bool nn_log_close(struct nn_log *l, bool ok, struct nn_log_summary *s, struct err *e)
{
    struct out *const curve = l->curve;

    *s = l->summary;
    free(l);
    if (ok && curve)
        return out_close(curve, e);
    out_abandon(curve);
    return ok;
}
