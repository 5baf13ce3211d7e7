#include "nn_loss.h"

#include <math.h>

static float weight_of(const struct nn_loss *l, uint32_t class)
{
    return class == NN_NO_CLASS ? 0 : l->weights ? l->weights[class] : 1;
}

double nn_loss_weight(const struct nn_loss *l, const uint32_t *right, size_t rows)
{
    double sum = 0;

    for (size_t i = 0; i < rows; i++)
        sum += (double)weight_of(l, right[i]);
    return sum;
}

static float greatest(const float *x, size_t n)
{
    float most = x[0];

    for (size_t i = 1; i < n; i++)
        most = x[i] > most ? x[i] : most;
    return most;
}

/* The logarithm of the sum of exp(x - most). */
static double log_sum(const float *x, size_t n, float most)
{
    double sum = 0;

    for (size_t i = 0; i < n; i++)
        sum += (double)expf(x[i] - most);
    return log(sum);
}

void nn_softmax(const float *outputs, size_t classes, float *p)
{
    const float most = greatest(outputs, classes);
    const float log_all = (float)log_sum(outputs, classes, most);

    for (size_t i = 0; i < classes; i++)
        p[i] = expf(outputs[i] - most - log_all);
}

/* How the loss of a row changes with ln p: -1 for cross entropy. */
static double slope(const struct nn_loss *l, double log_p)
{
    const double p = exp(log_p), rest = -expm1(log_p);

    if (l->focal <= 0)
        return -1;
    if (rest <= 0)
        return 0;
    return pow(rest, l->focal - 1) * (l->focal * p * log_p - rest);
}

double nn_loss_of(const struct nn_loss *l, const float *outputs, const uint32_t *right, size_t rows,
                  float *gradient)
{
    const size_t k = l->classes;
    double sum = 0;

    for (size_t i = 0; i < rows; i++) {
        const float *const x = outputs + i * k;
        const double weight = (double)weight_of(l, right[i]);
        if (weight == 0) {
            for (size_t c = 0; gradient && c < k; c++)
                gradient[i * k + c] = 0;
            continue;
        }
        const float most = greatest(x, k);
        const float log_all = (float)log_sum(x, k, most);
        const double log_p = (double)(x[right[i]] - most - log_all);
        sum -= weight * log_p * (l->focal > 0 ? pow(-expm1(log_p), l->focal) : 1);
        if (!gradient)
            continue;
        const float by = (float)(weight * slope(l, log_p));
        for (size_t c = 0; c < k; c++)
            gradient[i * k + c] = by * ((c == right[i]) - expf(x[c] - most - log_all));
    }
    return sum;
}
