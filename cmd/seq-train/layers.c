#include "layers.h"

#include "textbuf.h"

enum { MOST_EMBEDDING = 32, WIDTH = 3 };

static void put_dropout(struct textbuf *t, const struct options *o)
{
    if (o->dropout > 0)
        textbuf_printf(t, "dropout:%.6g,", o->dropout);
}

static void put_grus(struct textbuf *t, const struct options *o)
{
    for (size_t i = 0; i < o->layers; i++) {
        textbuf_printf(t, "gru:%zu,", o->hidden);
        put_dropout(t, o);
    }
}

static void put_blocks(struct textbuf *t, const struct options *o)
{
    for (size_t i = 0; i < o->layers; i++) {
        textbuf_printf(t, "fork,");
        for (int twice = 0; twice < 2; twice++) {
            textbuf_printf(t, "causal:%zu:%d:%zu,relu,", o->hidden, WIDTH, (size_t)1 << i);
            put_dropout(t, o);
        }
        textbuf_printf(t, "merge,");
    }
}

char *layers_text(const struct options *o, size_t symbols)
{
    struct textbuf t = {0};

    if (!o->raw_ids) {
        textbuf_printf(&t, "embed:%zu:%zu,", symbols + 1,
                       o->hidden < MOST_EMBEDDING ? o->hidden : (size_t)MOST_EMBEDDING);
        put_dropout(&t, o);
    }
    if (o->net == NET_GRU)
        put_grus(&t, o);
    else
        put_blocks(&t, o);
    textbuf_printf(&t, "dense:%zu", symbols);
    return t.p;
}
