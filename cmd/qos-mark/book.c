#include "book.h"

#include "err.h"
#include "mem.h"

#include <stdlib.h>
#include <sys/random.h>

#define NONE UINT32_MAX

/* In a list by hash, and in one by time. */
struct page {
    struct flow_key key;
    uint64_t time;
    size_t class;
    uint32_t next, older, newer;
};

struct book {
    struct page *pages;
    size_t n, most, cap; /* pages used so far */
    uint32_t *slots;     /* by hash; a power of two of them */
    size_t n_slots;
    uint32_t oldest, newest, spare; /* spare: pages that are free, by next */
    uint64_t seed, stay;
};

struct book *book_new(size_t most, uint64_t stay)
{
    struct book *const b = mem_zero(1, sizeof *b);

    if (getrandom(&b->seed, sizeof b->seed, 0) != (ssize_t)sizeof b->seed)
        die_sys("getrandom");
    b->stay = stay;
    b->most = most;
    for (b->n_slots = 64; b->n_slots < most;)
        b->n_slots *= 2;
    b->slots = mem_alloc(b->n_slots, sizeof *b->slots);
    for (size_t i = 0; i < b->n_slots; i++)
        b->slots[i] = NONE;
    b->oldest = b->newest = b->spare = NONE;
    return b;
}

void book_free(struct book *b)
{
    if (!b)
        return;
    free(b->pages);
    free(b->slots);
    free(b);
}

/* Where the number of the flow's page stands, or NONE at the end of its list. */
static uint32_t *find(const struct book *b, const struct flow_key *k)
{
    uint32_t *at = &b->slots[flow_key_hash_seeded(k, b->seed) & (b->n_slots - 1)];

    while (*at != NONE && !flow_key_equal(&b->pages[*at].key, k))
        at = &b->pages[*at].next;
    return at;
}

static void unlink_page(struct book *b, uint32_t i)
{
    const struct page *const p = &b->pages[i];

    *(p->older == NONE ? &b->oldest : &b->pages[p->older].newer) = p->newer;
    *(p->newer == NONE ? &b->newest : &b->pages[p->newer].older) = p->older;
}

static void link_newest(struct book *b, uint32_t i)
{
    struct page *const p = &b->pages[i];

    p->older = b->newest;
    p->newer = NONE;
    *(p->older == NONE ? &b->oldest : &b->pages[p->older].newer) = i;
    b->newest = i;
}

void book_remove(struct book *b, const struct flow_key *k)
{
    uint32_t *const at = find(b, k), i = *at;

    if (i == NONE)
        return;
    *at = b->pages[i].next;
    unlink_page(b, i);
    b->pages[i].next = b->spare;
    b->spare = i;
}

static void forget_old(struct book *b, uint64_t now)
{
    while (b->oldest != NONE && now - b->pages[b->oldest].time > b->stay)
        book_remove(b, &b->pages[b->oldest].key);
}

size_t book_class(struct book *b, const struct flow_key *k, uint64_t now)
{
    forget_old(b, now);
    const uint32_t i = *find(b, k);
    return i == NONE ? BOOK_NONE : b->pages[i].class;
}

/* A page that is free, or NONE. The array may move. */
static uint32_t take_page(struct book *b)
{
    const uint32_t i = b->spare;

    if (i != NONE) {
        b->spare = b->pages[i].next;
        return i;
    }
    if (b->n == b->most)
        return NONE;
    b->pages = mem_grow(b->pages, &b->cap, b->n + 1, sizeof *b->pages);
    return (uint32_t)b->n++;
}

bool book_put(struct book *b, const struct flow_key *k, size_t class, uint64_t now)
{
    uint32_t i = *find(b, k);

    if (i != NONE) {
        unlink_page(b, i);
    } else {
        if ((i = take_page(b)) == NONE)
            return false;
        b->pages[i] = (struct page){.key = *k, .next = NONE};
        *find(b, k) = i;
    }
    b->pages[i].class = class;
    b->pages[i].time = now;
    link_newest(b, i);
    return true;
}
