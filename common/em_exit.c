#include "em_exit.h"

static const char *const exit_names[] = {"converged", "max-iter", "degenerate"};

const char *em_exit_name(enum em_exit x)
{
    return exit_names[x];
}

bool em_exit_find(struct span name, enum em_exit *x)
{
    for (size_t i = 0; i < sizeof exit_names / sizeof *exit_names; i++)
        if (span_is(name, exit_names[i])) {
            *x = (enum em_exit)i;
            return true;
        }
    return false;
}
