/* Growing a whole subtree in cache. A block holds the rows of a node that is small enough: each
 * feature's rows once sorted by value, as words of a 16-bit rank and a 16-bit row number, which
 * splits part stably, so that nothing is ever sorted again (as in Shafer, Agrawal and Mehta,
 * "SPRINT: a scalable parallel classifier for data mining", 1996). */
#ifndef WEIR_CART_BLOCK_H
#define WEIR_CART_BLOCK_H

#include "cart_node.h"

struct block;

/* The rows that a block can hold. */
uint32_t block_capacity(size_t n_features);

/* Room for one block, for one thread at a time. Freed with block_free(). */
struct block *block_new(const struct growth *g);
void block_free(struct block *b);

/* Grows everything below the node and appends it to `out`, the node itself first. */
void block_grow(struct block *b, const struct open_node *root, struct grown *out);

#endif
