#include "report.h"

#include "wire.h"

#define XXH_INLINE_ALL
#include <string.h>
#include <xxhash.h>

static uint64_t add(uint64_t hash, const void *p, size_t n)
{
    return XXH3_64bits_withSeed(p, n, hash);
}

static uint64_t add_number(uint64_t hash, uint64_t v)
{
    uint8_t bytes[8];

    put_be64(bytes, v);
    return add(hash, bytes, sizeof bytes);
}

static uint64_t add_leaf(uint64_t hash, const struct tree *t, const struct tree_leaf *leaf)
{
    for (size_t i = leaf->first; i < leaf->first + leaf->n; i++) {
        hash = add_number(hash, t->rows[i].class_index);
        hash = add_number(hash, t->rows[i].rows);
    }
    return hash;
}

static uint64_t add_tree(uint64_t hash, const struct tree *t)
{
    hash = add_number(hash, t->n_nodes);
    for (size_t i = 0; i < t->n_nodes; i++) {
        const struct tree_node *const node = &t->nodes[i];
        hash = add_number(hash, node->feature);
        hash = node->feature == TREE_LEAF ? add_leaf(hash, t, &t->leaves[node->next])
                                          : add_number(hash, node->threshold);
    }
    return hash;
}

uint32_t report_fingerprint(const struct model *m)
{
    uint64_t hash = m->n_trees;

    for (size_t i = 0; i < m->n_features; i++)
        hash = add(hash, m->features[i].name, strlen(m->features[i].name) + 1);
    for (size_t i = 0; i < m->n_classes; i++) {
        hash = add(hash, m->classes[i].name, strlen(m->classes[i].name) + 1);
        hash = add(hash, &m->classes[i].weight, sizeof m->classes[i].weight);
    }
    for (size_t i = 0; i < m->n_trees; i++)
        hash = add_tree(hash, &m->trees[i]);
    return (uint32_t)(hash ^ hash >> 32);
}

bool report_get(const uint8_t *p, size_t n, struct report *r, struct err *e)
{
    if (n < REPORT_FIXED)
        return err_set(e, "a report of %zu bytes is cut short", n);
    if (p[0] != REPORT_VERSION)
        return err_set(e, "a report of version %u, not %d", p[0], REPORT_VERSION);
    if ((n - REPORT_FIXED) / 8 < p[1])
        return err_set(e, "a report of %u features in %zu bytes is cut short", p[1], n);
    *r = (struct report){
        .n_features = p[1],
        .class = be16(p + 2),
        .sequence = be32(p + 4),
        .ts = be64(p + 8),
        .model = be32(p + 16),
        .flags = p[20],
        .ip_version = p[21],
        .proto = p[22],
        .vlan = be16(p + 24),
        .src_port = be16(p + 26),
        .dst_port = be16(p + 28),
        .features = p + REPORT_FIXED,
    };
    memcpy(r->src, p + 32, sizeof r->src);
    memcpy(r->dst, p + 48, sizeof r->dst);
    return true;
}

uint64_t report_feature(const struct report *r, size_t i)
{
    return be64(r->features + 8 * i);
}
