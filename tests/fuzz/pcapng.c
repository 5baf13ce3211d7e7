/* Capture files of every kind, pcapng foremost: read to the end, each frame filtered and decoded.
 */
#include "capture.h"
#include "decode.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct err e;
    struct frame f;
    struct packet p;
    enum capture_status status;
    struct capture *const c = capture_open_memory(data, n, "fuzz", &e);
    uint64_t frames = 0;

    if (!c)
        return 0;
    while ((status = capture_next(c, &f, &e)) == CAPTURE_FRAME) {
        if (f.number != ++frames)
            abort();
        (void)decode_frame(&f, true, &p);
    }
    if (status == CAPTURE_IDLE)
        abort();
    capture_close(c);
    return 0;
}
