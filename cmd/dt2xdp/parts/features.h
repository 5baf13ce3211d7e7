/* Where they stand: the stack has room for 512 bytes only, the packet and its flow among them. */
struct {
    __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
    __uint(max_entries, 1);
    __type(key, __u32);
    __type(value, struct features);
} features SEC(".maps");
