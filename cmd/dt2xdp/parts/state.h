/* What is not a flow's: the numbers of the reports, and the capture's last packet. */

struct state {
    __u64 last_ts; /* the latest so far */
    __u32 sequence;
    __u16 last_len;
    __u8 begun;
};

struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(max_entries, 1);
    __type(key, __u32);
    __type(value, struct state);
} states SEC(".maps");

/* Packets and bytes by class number: 0 no verdict; after the classes what never got that far. */
struct counter {
    __u64 packets, bytes;
};

enum { COUNT_NOT_IP = CLASSES + 1, COUNT_NO_FLOW, COUNT_REPORT_LOST, COUNTERS };

struct {
    __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
    __uint(max_entries, COUNTERS);
    __type(key, __u32);
    __type(value, struct counter);
} counters SEC(".maps");

static __always_inline void count(__u32 what, __u64 bytes)
{
    struct counter *const c = bpf_map_lookup_elem(&counters, &what);

    if (c) {
        c->packets++;
        c->bytes += bytes;
    }
}
