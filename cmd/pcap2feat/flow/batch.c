#include "batch.h"

#include "mem.h"

#include <stdlib.h>

struct batch *batch_new(struct arena *arena, bool payload, bool context)
{
    struct batch *const b = arena_take(arena, sizeof *b);

    b->room = payload ? BATCH_PAYLOAD : 0;
    b->payload = payload ? mem_alloc(b->room, 1) : NULL;
    b->context = context ? mem_alloc(BATCH_PACKETS, sizeof *b->context) : NULL;
    batch_clear(b);
    return b;
}

void batch_free(struct batch *b)
{
    free(b->context);
    free(b->payload);
}

void batch_add(struct batch *b)
{
    struct packet *const p = &b->all[b->n++].packet;

    if (!b->payload || p->payload_caplen == 0)
        return;
    b->payload = mem_grow(b->payload, &b->room, b->used + p->payload_caplen, 1);
    memcpy(b->payload + b->used, p->payload, p->payload_caplen);
    p->payload = b->payload + b->used;
    b->used += p->payload_caplen;
}

void batch_close(struct batch *b, const struct mark *m)
{
    uint16_t next[PARTITIONS] = {0}, sum = 0;

    for (size_t i = 0; i < b->n; i++)
        next[b->partition[i]]++;
    for (int k = 0; k < PARTITIONS; k++) {
        b->first[k] = sum;
        sum = (uint16_t)(sum + next[k]);
        next[k] = b->first[k];
    }
    b->first[PARTITIONS] = sum;
    for (size_t i = 0; i < b->n; i++)
        b->order[next[b->partition[i]]++] = (uint16_t)i;
    b->mark = *m;
}

void batch_clear(struct batch *b)
{
    b->n = 0;
    b->used = 0;
}
