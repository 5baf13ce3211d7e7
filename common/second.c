#include "second.h"

void second_take(struct second *x, uint64_t row, uint32_t own, uint32_t other, const char *truth)
{
    x->rows++;
    x->none += other == SCORE_NONE;
    x->agreed += other == own;
    if (other != own && x->first_row == 0) {
        x->first_row = row;
        x->first_own = own;
        x->first_other = other;
    }
    if (truth)
        score_add(x->score, score_class(x->score, span_of(truth)), other, 1);
}

const char *second_class(const struct second *x, uint32_t class)
{
    return class == SCORE_NONE ? "(none)" : score_name(x->score, class);
}
