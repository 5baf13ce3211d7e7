/* The facts that were found of a flow, as text: few, short, and asked for once. */
#ifndef PCAP2FEAT_FLOW_FACT_LIST_H
#define PCAP2FEAT_FLOW_FACT_LIST_H

#include "feature.h"
#include "table.h"

/* Bytes of one fact's text, and of all of a flow. */
enum { FACT_BYTES = 4096, FACT_LIST_BYTES = 16384 };

/* Starts zeroed. n: bytes of all texts, with 4 more for each. */
struct fact_list {
    char *entries;
    uint32_t n, cap;
};

void fact_list_free(struct fact_list *l);

/* The first text of a column stays; one for which there is no room is dropped, and so is an empty
 * one. */
void fact_list_put(struct fact_list *l, enum feature_id id, const char *text, size_t n);

/* n = 0 where there is none. */
struct span fact_list_get(const struct fact_list *l, enum feature_id id);

/* A text in the making. */
struct fact_text {
    char bytes[FACT_BYTES];
    size_t n;
};

/* Bytes of a stranger as escape_put() writes them, behind what is there. */
void fact_text_add(struct fact_text *t, const uint8_t *p, size_t n, const char *also);

/* An item of a list: a semicolon before it if it is not the first, and none within it. */
void fact_text_item(struct fact_text *t, const uint8_t *p, size_t n);

#endif
