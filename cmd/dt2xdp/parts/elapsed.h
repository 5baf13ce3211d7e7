/* Inter-arrival time: 0 where time runs backwards, 48 bits at most. */
static __always_inline __u64 elapsed(__u64 now, __u64 before)
{
    const __u64 most = (1ull << 48) - 1, ns = now > before ? now - before : 0;

    return ns < most ? ns : most;
}
