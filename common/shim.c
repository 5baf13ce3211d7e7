#include "shim.h"

#include "wire.h"

void shim_put(uint8_t *p, struct shim s)
{
    put_be16(p, SHIM_TYPE);
    put_be64(p + 2, s.ts);
    put_be32(p + 10, s.sequence);
}

bool shim_get(const uint8_t *frame, size_t n, struct shim *s)
{
    if (n < SHIM_AT + SHIM_LENGTH || be16(frame + SHIM_AT) != SHIM_TYPE)
        return false;
    s->ts = be64(frame + SHIM_AT + 2);
    s->sequence = be32(frame + SHIM_AT + 10);
    return true;
}
