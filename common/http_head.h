/* The head of an HTTP/1 request or response (RFC 9112): what its first line and some of its fields
 * say. Pure functions on hostile bytes; nothing past the end is read. */
#ifndef WEIR_HTTP_HEAD_H
#define WEIR_HTTP_HEAD_H

#include "table.h"

#include <stdbool.h>
#include <stdint.h>

/* Places in the message, without blanks around; n = 0 where there is none. The first field of a
 * name counts. */
struct http_head {
    bool response;
    uint16_t status;            /* of a response */
    struct span method, target; /* of a request */
    struct span host, referer, user_agent, content_type;
};

enum http_status {
    HTTP_HEAD, /* *h is set */
    HTTP_MORE, /* so far it may become one */
    HTTP_NOT,
};

/* final: nothing more will come, so that a head without its end is taken as far as it has whole
 * lines, the first of them at least. */
enum http_status http_head_parse(const uint8_t *p, uint32_t n, bool final, struct http_head *h);

#endif
