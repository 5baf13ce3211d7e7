#include "nn_plan.h"

#include "mem.h"
#include "num.h"
#include "suggest.h"
#include "table.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct reader {
    struct nn_plan *plan;
    size_t cap;
    size_t open;      /* place of the fork that has no merge yet, or NONE */
    size_t joined;    /* joins so far */
    size_t numbers;   /* of a sample behind all layers so far */
    struct span name; /* of the layer at hand, with its numbers */
    struct err *e;
};

enum { MOST_NUMBERS = 3 };
static const size_t NONE = SIZE_MAX;

/* How many numbers a layer takes, and what they are. */
static const struct {
    const char *name;
    unsigned least, most;
    const char *form;
} kinds[NN_KIND_COUNT] = {
    [NN_CONV] = {"conv", 2, 3, "conv:OUT:WIDTH[:DILATION]"},
    [NN_CAUSAL] = {"causal", 2, 3, "causal:OUT:WIDTH[:DILATION]"},
    [NN_POOL] = {"pool", 1, 1, "pool:N"},
    [NN_RELU] = {"relu", 0, 0, "relu"},
    [NN_DROPOUT] = {"dropout", 1, 1, "dropout:P"},
    [NN_FLATTEN] = {"flatten", 0, 0, "flatten"},
    [NN_JOIN] = {"join", 0, 0, "join"},
    [NN_DENSE] = {"dense", 1, 1, "dense:OUT"},
    [NN_EMBED] = {"embed", 2, 2, "embed:KINDS:OUT"},
    [NN_GRU] = {"gru", 1, 1, "gru:OUT"},
    [NN_FORK] = {"fork", 0, 0, "fork"},
    [NN_MERGE] = {"merge", 0, 0, "merge"},
};

static bool bad(const struct reader *r, const char *what)
{
    return err_set(r->e, "layer '%.*s': %s", (int)r->name.n, r->name.p, what);
}

static bool find_kind(const struct reader *r, struct span word, enum nn_kind *kind)
{
    struct suggest near = {0};
    char name[32], text[64];

    for (int i = 0; i < NN_KIND_COUNT; i++)
        if (span_is(word, kinds[i].name)) {
            *kind = (enum nn_kind)i;
            return true;
        }
    (void)snprintf(name, sizeof name, "%.*s", (int)word.n, word.p);
    for (int i = 0; i < NN_KIND_COUNT; i++)
        suggest_offer(&near, name, kinds[i].name);
    return err_set(r->e, "there is no layer '%s'%s", name, suggest_text(&near, text, sizeof text));
}

/* The numbers after the colons, each in [1, NN_MOST_SIDE]; a dropout's is a probability. */
static bool read_numbers(const struct reader *r, enum nn_kind kind, struct span rest,
                         double numbers[MOST_NUMBERS])
{
    unsigned n = 0;

    for (const char *p = rest.p, *const end = rest.p + rest.n; p < end; n++) {
        const char *const from = p + 1;
        for (p = from; p < end && *p != ':';)
            p++;
        uint64_t whole = 0;
        if (n == kinds[kind].most)
            break;
        if (kind == NN_DROPOUT) {
            if (num_f64(from, (size_t)(p - from), &numbers[n]) != NUM_OK || numbers[n] < 0 ||
                numbers[n] >= 1)
                return bad(r, "its number must be in [0, 1)");
            continue;
        }
        if (num_u64(from, (size_t)(p - from), &whole) != NUM_OK || whole < 1 ||
            whole > NN_MOST_SIDE)
            return bad(r, "its numbers must be integers from 1 to 65536");
        numbers[n] = (double)whole;
    }
    if (n >= kinds[kind].least && n <= kinds[kind].most)
        return true;
    return err_set(r->e, "layer '%.*s' must read %s", (int)r->name.n, r->name.p, kinds[kind].form);
}

static bool place_layer(struct reader *r, struct nn_layer *l, const double numbers[MOST_NUMBERS])
{
    const size_t first = (size_t)numbers[0], second = (size_t)numbers[1];

    switch (l->kind) {
    case NN_CONV:
    case NN_CAUSAL:
        l->out.channels = first;
        l->width = second;
        l->dilation = numbers[2] > 0 ? (size_t)numbers[2] : 1;
        return true;
    case NN_POOL:
        l->width = first;
        l->out.steps = l->in.steps / l->width;
        return l->out.steps > 0 || bad(r, "there are fewer steps than it takes together");
    case NN_DROPOUT:
        l->drop = numbers[0];
        return true;
    case NN_FLATTEN:
        l->out = (struct nn_shape){1, l->in.steps * l->in.channels};
        return l->out.channels <= NN_MOST_SIDE || bad(r, "more than 65536 channels");
    case NN_JOIN:
        l->out.channels += r->plan->extra;
        if (l->in.steps != 1)
            return bad(r, "flatten must come before it");
        return (r->plan->extra > 0 && r->joined++ == 0) || bad(r, "there is nothing to join");
    case NN_DENSE:
    case NN_GRU:
        l->out.channels = first;
        return true;
    case NN_EMBED:
        l->width = first;
        l->out.channels = second;
        return l->in.channels == 1 || bad(r, "it takes one channel");
    case NN_FORK:
        if (r->open != NONE)
            return bad(r, "the fork before has no merge yet");
        r->open = r->plan->n_layers;
        return true;
    case NN_MERGE:
        if (r->open == NONE)
            return bad(r, "there is no fork before it");
        l->from = r->open;
        r->open = NONE;
        return r->plan->layers[l->from].in.steps == l->in.steps ||
               bad(r, "the steps are not as many as at its fork");
    default:
        return true;
    }
}

/* A merge remembers the channels at its fork as its width: those that a dense layer would take. */
static void close_layer(struct reader *r, struct nn_layer *l)
{
    if (l->kind == NN_MERGE)
        l->width = r->plan->layers[l->from].in.channels;
    const struct nn_parts parts = nn_layer_parts(l);
    l->first = r->plan->n_params;
    l->n_params = parts.weights + parts.states + parts.lengths + parts.bias;
}

static bool add_layer(struct reader *r)
{
    struct nn_plan *const p = r->plan;
    const char *const colon = memchr(r->name.p, ':', r->name.n);
    const struct span word = {r->name.p, colon ? (size_t)(colon - r->name.p) : r->name.n};
    const struct span rest = {word.p + word.n, r->name.n - word.n};
    double numbers[MOST_NUMBERS] = {0};
    struct nn_layer l = {.in = p->out, .out = p->out};

    if (!find_kind(r, word, &l.kind) || !read_numbers(r, l.kind, rest, numbers))
        return false;
    if (p->n_layers == NN_MOST_LAYERS)
        return err_set(r->e, "more than %d layers", NN_MOST_LAYERS);
    if (!place_layer(r, &l, numbers))
        return false;
    if (l.out.steps * l.out.channels > NN_MOST_NUMBERS)
        return bad(r, "too many numbers come out of it");
    r->numbers += l.out.steps * l.out.channels;
    if (r->numbers > NN_MOST_BETWEEN)
        return bad(r, "too many numbers come out of the layers up to here");
    close_layer(r, &l);
    if (l.n_params > NN_MOST_PARAMS || p->n_params + l.n_params > NN_MOST_PARAMS)
        return bad(r, "too many parameters");
    p->layers = mem_grow(p->layers, &r->cap, p->n_layers + 1, sizeof *p->layers);
    p->layers[p->n_layers++] = l;
    p->n_params += l.n_params;
    p->out = l.out;
    return true;
}

static bool read_layers(struct reader *r, const char *text)
{
    for (const char *p = text;; p++) {
        r->name = (struct span){p, strcspn(p, ",")};
        if (!add_layer(r))
            return false;
        p += r->name.n;
        if (!*p)
            break;
    }
    if (r->open != NONE)
        return err_set(r->e, "the last fork has no merge");
    if (r->plan->extra > 0 && r->joined == 0)
        return err_set(r->e, "no layer 'join' takes the further numbers");
    return true;
}

struct nn_plan *nn_plan_new(const char *text, struct nn_shape in, size_t extra, struct err *e)
{
    struct nn_plan *const p = mem_zero(1, sizeof *p);
    struct reader r = {.plan = p, .open = NONE, .e = e};

    p->text = mem_string(text, strlen(text));
    p->in = p->out = in;
    p->extra = extra;
    if (read_layers(&r, text))
        return p;
    nn_plan_free(p);
    return NULL;
}

void nn_plan_free(struct nn_plan *p)
{
    if (!p)
        return;
    free(p->text);
    free(p->layers);
    free(p);
}

struct nn_parts nn_layer_parts(const struct nn_layer *l)
{
    const size_t in = l->in.channels, out = l->out.channels;

    switch (l->kind) {
    case NN_CONV:
        return (struct nn_parts){.weights = out * in * l->width, .bias = out};
    case NN_CAUSAL:
        return (struct nn_parts){.weights = out * in * l->width, .lengths = out, .bias = out};
    case NN_DENSE:
        return (struct nn_parts){.weights = out * in, .bias = out};
    case NN_MERGE:
        if (l->width == out)
            return (struct nn_parts){0};
        return (struct nn_parts){.weights = out * l->width, .bias = out};
    case NN_EMBED:
        return (struct nn_parts){.weights = l->width * out};
    case NN_GRU:
        return (struct nn_parts){.weights = in * 3 * out, .states = out * 3 * out, .bias = 4 * out};
    default:
        return (struct nn_parts){0};
    }
}

static double normal(struct rng *r)
{
    const double u = 1 - rng_unit(r), v = rng_unit(r);

    return sqrt(-2 * log(u)) * cos(2 * M_PI * v);
}

/* The length of each unit's direction, so that training starts from the directions themselves. */
static void start_lengths(const struct nn_layer *l, const float *v, float *lengths)
{
    const size_t n = l->in.channels * l->width;

    for (size_t o = 0; o < l->out.channels; o++) {
        double sum = 0;
        for (size_t i = 0; i < n; i++)
            sum += (double)v[o * n + i] * (double)v[o * n + i];
        lengths[o] = (float)sqrt(sum);
    }
}

static double inputs_of(const struct nn_layer *l)
{
    switch (l->kind) {
    case NN_CONV:
    case NN_CAUSAL:
        return (double)(l->in.channels * l->width);
    case NN_GRU:
        return (double)l->out.channels;
    case NN_MERGE:
        return (double)l->width;
    default:
        return (double)l->in.channels;
    }
}

void nn_plan_start(const struct nn_plan *p, float *params, struct rng *r)
{
    for (size_t i = 0; i < p->n_layers; i++) {
        const struct nn_layer *const l = &p->layers[i];
        const struct nn_parts parts = nn_layer_parts(l);
        float *const own = params + l->first;
        const double reach = 1 / sqrt(inputs_of(l));
        for (size_t k = 0; k < l->n_params; k++)
            own[k] = (float)(l->kind == NN_EMBED ? normal(r) : (2 * rng_unit(r) - 1) * reach);
        if (parts.lengths > 0)
            start_lengths(l, own, own + parts.weights);
    }
}
