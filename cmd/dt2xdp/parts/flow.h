/* Flows: one state for both directions of a 5-tuple and VLAN. */

struct flow_key {
    __u8 low[16], high[16]; /* the lower (address, port) first */
    __u16 low_port, high_port;
    __u16 vlan;
    __u8 proto, ip_version;
};

struct flow_state {
    __u64 last_ts[2]; /* of each direction, 1 forward; the later time where time runs backwards */
    __u16 last_len[2];
    __u8 seen[2];
    __u8 last_forward; /* direction of the last packet */
    __u8 begun_high;   /* the flow's first packet came from the high end */
    __u32 verdict;     /* the last one, + 1; 0: none yet */
};

struct {
    __uint(type, BPF_MAP_TYPE_LRU_HASH);
    __uint(max_entries, FLOWS);
    __type(key, struct flow_key);
    __type(value, struct flow_state);
} flows SEC(".maps");

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

/* The flow of a packet, made where it is new; NULL where the map refuses. */
static __always_inline struct flow_state *find_flow(const struct packet *p, bool *forward)
{
    const bool high = from_high(p);
    struct flow_key key = {
        .low_port = high ? p->dst_port : p->src_port,
        .high_port = high ? p->src_port : p->dst_port,
        .vlan = p->vlan,
        .proto = p->proto,
        .ip_version = p->ip_version,
    };
    __builtin_memcpy(key.low, high ? p->dst : p->src, 16);
    __builtin_memcpy(key.high, high ? p->src : p->dst, 16);
    struct flow_state *s = bpf_map_lookup_elem(&flows, &key);
    if (!s) {
        const struct flow_state begun = {.begun_high = high};
        bpf_map_update_elem(&flows, &key, &begun, BPF_NOEXIST);
        s = bpf_map_lookup_elem(&flows, &key);
    }
    if (s)
        *forward = high == s->begun_high;
    return s;
}

static __always_inline void remember_in_flow(struct flow_state *s, const struct packet *p,
                                             bool forward)
{
    if (p->ts > s->last_ts[forward])
        s->last_ts[forward] = p->ts;
    s->last_len[forward] = p->len;
    s->seen[forward] = 1;
    s->last_forward = forward;
}
