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
    size_t class, was; /* to be, and as told last */
    size_t change;     /* its place among the changes, or SIZE_MAX */
    uint32_t next, older, newer;
};

struct book {
    struct page *pages;
    size_t n, cap;     /* pages used so far */
    size_t live, most; /* flows that have, or will have, a rule */
    uint32_t *changes; /* pages that were set and not told of yet; NONE: of none any more */
    size_t n_changes, cap_changes;
    uint32_t *slots; /* by hash; a power of two of them */
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
    free(b->changes);
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

static void forget(struct book *b, const struct flow_key *k)
{
    uint32_t *const at = find(b, k), i = *at;

    if (i == NONE)
        return;
    b->live -= b->pages[i].class != BOOK_NONE;
    *at = b->pages[i].next;
    unlink_page(b, i);
    b->pages[i].next = b->spare;
    b->spare = i;
}

/* A change that is not told yet is no old one. */
static void forget_old(struct book *b, uint64_t now)
{
    while (b->oldest != NONE && now - b->pages[b->oldest].time > b->stay &&
           b->pages[b->oldest].change == SIZE_MAX)
        forget(b, &b->pages[b->oldest].key);
}

/* A page that is free. The array may move. */
static uint32_t take_page(struct book *b)
{
    const uint32_t i = b->spare;

    if (i != NONE) {
        b->spare = b->pages[i].next;
        return i;
    }
    b->pages = mem_grow(b->pages, &b->cap, b->n + 1, sizeof *b->pages);
    return (uint32_t)b->n++;
}

/* The page of a flow, which becomes the newest. */
static uint32_t touch(struct book *b, const struct flow_key *k)
{
    uint32_t i = *find(b, k);

    if (i != NONE) {
        unlink_page(b, i);
    } else {
        i = take_page(b);
        b->pages[i] = (struct page){
            .key = *k, .class = BOOK_NONE, .was = BOOK_NONE, .change = SIZE_MAX, .next = NONE};
        *find(b, k) = i;
    }
    link_newest(b, i);
    return i;
}

static void add_change(struct book *b, uint32_t page)
{
    if (b->pages[page].change != SIZE_MAX)
        return;
    b->changes = mem_grow(b->changes, &b->cap_changes, b->n_changes + 1, sizeof *b->changes);
    b->pages[page].change = b->n_changes;
    b->changes[b->n_changes++] = page;
}

static void drop_change(struct book *b, uint32_t page)
{
    b->changes[b->pages[page].change] = NONE;
    while (b->n_changes > 0 && b->changes[b->n_changes - 1] == NONE)
        b->n_changes--;
}

bool book_set(struct book *b, const struct flow_key *k, size_t class, uint64_t now)
{
    forget_old(b, now);
    const uint32_t there = *find(b, k);
    const bool had = there != NONE && b->pages[there].class != BOOK_NONE, has = class != BOOK_NONE;

    if (there == NONE && !has)
        return true;
    if (has && !had && b->live == b->most)
        return false;
    const uint32_t i = touch(b, k);
    b->live += (size_t)has - (size_t)had;
    b->pages[i].class = class;
    b->pages[i].time = now;
    add_change(b, i);
    if (!has && b->pages[i].was == BOOK_NONE) {
        drop_change(b, i);
        forget(b, k);
    }
    return true;
}

size_t book_changes(const struct book *b)
{
    return b->n_changes;
}

void book_tell(struct book *b,
               void (*tell)(void *context, const struct flow_key *k, size_t was, size_t class),
               void *context)
{
    for (size_t i = 0; i < b->n_changes; i++) {
        if (b->changes[i] == NONE)
            continue;
        struct page *const p = &b->pages[b->changes[i]];
        tell(context, &p->key, p->was, p->class);
        p->was = p->class;
        p->change = SIZE_MAX;
        if (p->class == BOOK_NONE)
            forget(b, &p->key);
    }
    b->n_changes = 0;
}
