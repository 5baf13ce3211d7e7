/* Gives a fuzz target the files that it is named, one after the other: what it made of them once it
 * must make of them always. Ends with 1 where a file can't be read; the target aborts where it
 * finds something. */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The largest file of the corpora is far below this. */
enum { LARGEST = 1 << 20 };

static bool digest(const char *name)
{
    uint8_t *const data = malloc(LARGEST);
    FILE *const file = fopen(name, "rb");
    size_t size = 0;
    bool ok = data && file;

    if (ok) {
        size = fread(data, 1, LARGEST, file);
        ok = !ferror(file) && feof(file);
    }
    if (file)
        fclose(file);
    if (ok) {
        /* Of its own size, so that valgrind sees a step beyond the end. */
        uint8_t *const exact = malloc(size ? size : 1);

        for (size_t i = 0; exact && i < size; i++)
            exact[i] = data[i];
        ok = exact && LLVMFuzzerTestOneInput(exact, size) == 0;
        free(exact);
    }
    free(data);
    return ok;
}

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++)
        if (!digest(argv[i])) {
            fprintf(stderr, "digest: %s can't be read\n", argv[i]);
            return 1;
        }
    return argc > 1 ? 0 : 2;
}
