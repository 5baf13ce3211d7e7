struct {
    __uint(type, BPF_MAP_TYPE_LRU_HASH);
    __uint(max_entries, FLOWS);
    __type(key, struct flow_key);
    __type(value, struct flow_state);
} flows SEC(".maps");

/* What a flow begins with, all zero but begun_high. It may be too large for the stack. */
struct {
    __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
    __uint(max_entries, 1);
    __type(key, __u32);
    __type(value, struct flow_state);
} fresh SEC(".maps");

static __always_inline struct flow_state *add_flow(const struct flow_key *key, bool high)
{
    const __u32 zero = 0;
    struct flow_state *const begun = bpf_map_lookup_elem(&fresh, &zero);

    if (!begun)
        return NULL;
    begun->begun_high = high;
    bpf_map_update_elem(&flows, key, begun, BPF_NOEXIST);
    return bpf_map_lookup_elem(&flows, key);
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
    if (!s)
        s = add_flow(&key, high);
    if (s)
        *forward = high == s->begun_high;
    return s;
}
