/* Votes for each class: those of a leaf, and their sums over the trees. The sums do not stand on
 * the stack, which has room for 512 bytes only. The functions are no static ones, so that the
 * verifier looks at each of them once, not once a tree. */
struct votes {
    vote of[CLASSES];
};

struct sums {
    __u32 of[CLASSES];
};

struct {
    __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
    __uint(max_entries, 1);
    __type(key, __u32);
    __type(value, struct sums);
} sums SEC(".maps");

/* The votes are no constants, because the verifier lets no function of its own have these. */
__noinline int add(struct sums *s, const struct votes *v, bool first)
{
    if (!s || !v)
        return 0;
    for (int i = 0; i < CLASSES; i++)
        s->of[i] = (first ? 0 : s->of[i]) + v->of[i];
    return 0;
}

/* The class number with the most votes; the lowest of equals. */
__noinline __u32 most(const struct sums *s)
{
    __u32 best = 0, votes = 0;

    if (!s)
        return 0;
    for (__u32 i = 0; i < CLASSES; i++) {
        if (i == 0 || s->of[i] > votes) {
            votes = s->of[i];
            best = i;
        }
    }
    return best + 1;
}
