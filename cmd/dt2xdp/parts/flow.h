/* Flows: one state for both directions of a 5-tuple and VLAN. */

struct flow_key {
    __u8 low[16], high[16]; /* the lower (address, port) first */
    __u16 low_port, high_port;
    __u16 vlan;
    __u8 proto, ip_version;
};

static __always_inline __u64 be64(const __u8 *p)
{
    __u64 v;

    __builtin_memcpy(&v, p, sizeof v);
    return bpf_be64_to_cpu(v);
}

/* Whether the packet's sender is the high end of its flow. */
static __always_inline bool from_high(const struct packet *p)
{
    if (be64(p->src) != be64(p->dst))
        return be64(p->src) > be64(p->dst);
    if (be64(p->src + 8) != be64(p->dst + 8))
        return be64(p->src + 8) > be64(p->dst + 8);
    return p->src_port > p->dst_port;
}
