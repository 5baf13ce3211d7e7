#include "resp.h"

#include "num.h"

/* A kind of item, '*' or '$', with its size. */
static void put_size(struct textbuf *r, char kind, size_t size)
{
    char text[NUM_U64_MAX + 3];
    char *p = text;

    *p++ = kind;
    p = num_put_u64(p, size);
    *p++ = '\r';
    *p++ = '\n';
    textbuf_bytes(r, text, (size_t)(p - text));
}

void resp_begin(struct textbuf *r, size_t words)
{
    put_size(r, '*', words);
}

void resp_span(struct textbuf *r, struct span word)
{
    put_size(r, '$', word.n);
    textbuf_bytes(r, word.p, word.n);
    textbuf_bytes(r, "\r\n", 2);
}

void resp_text(struct textbuf *r, const char *word)
{
    resp_span(r, span_of(word));
}

void resp_u64(struct textbuf *r, uint64_t word)
{
    char text[NUM_U64_MAX];

    resp_span(r, (struct span){text, (size_t)(num_put_u64(text, word) - text)});
}

void resp_command(struct textbuf *r, const char *const *words, size_t n)
{
    resp_begin(r, n);
    for (size_t i = 0; i < n; i++)
        resp_text(r, words[i]);
}
