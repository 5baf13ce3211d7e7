/* Length change, moved up so that it is never negative. */
static __always_inline __u64 change(__u16 len, __u16 before)
{
    return (__u64)len + 0xffff - before;
}
