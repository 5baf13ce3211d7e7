/* Reports: a verdict with what it was made of, for verdicts(1), in a ring that user space reads.
 * All numbers big endian. */

enum { REPORT_VERSION = 1, REPORT_FIRST = 1, REPORT_DROPPED = 4, REPORT_SHIM = 8 };

struct report {
    __u8 version, n_features;
    __be16 class;
    __be32 sequence;
    __be64 ts;
    __be32 model;
    __u8 flags, ip_version, proto, zero;
    __be16 vlan, src_port, dst_port, zeros;
    __u8 src[16], dst[16];
    __be64 features[FEATURES];
};

struct {
    __uint(type, BPF_MAP_TYPE_RINGBUF);
    __uint(max_entries, RING_BYTES);
} reports SEC(".maps");

static __always_inline void report(const struct packet *p, const struct features *f, __u32 sequence,
                                   __u32 class, __u8 flags)
{
    struct report *const r = bpf_ringbuf_reserve(&reports, sizeof *r, 0);
    const __u64 *const values = (const __u64 *)f;

    if (!r) {
        count(COUNT_REPORT_LOST, 0);
        return;
    }
    r->version = REPORT_VERSION;
    r->n_features = FEATURES;
    r->class = bpf_htons(class);
    r->sequence = bpf_htonl(sequence);
    r->ts = bpf_cpu_to_be64(p->ts);
    r->model = bpf_htonl(MODEL);
#ifdef TEST_TS
    flags |= REPORT_SHIM;
#endif
    r->flags = flags;
    r->ip_version = p->ip_version;
    r->proto = p->proto;
    r->zero = 0;
    r->vlan = bpf_htons(p->vlan);
    r->src_port = bpf_htons(p->src_port);
    r->dst_port = bpf_htons(p->dst_port);
    r->zeros = 0;
    __builtin_memcpy(r->src, p->src, 16);
    __builtin_memcpy(r->dst, p->dst, 16);
    for (int i = 0; i < FEATURES; i++)
        r->features[i] = bpf_cpu_to_be64(values[i]);
    bpf_ringbuf_submit(r, 0);
}
