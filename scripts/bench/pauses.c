/* How often the machine itself stops a program that only looks at the clock, which no sender can do
 * anything about: pauses of 5 us and more in a second, and the share of it that they took, on the
 * processor that has most of them. At normal priority: it means something on a quiet machine only.
 */
#include <sched.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

static double now_us(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

int main(void)
{
    long most = 0;
    double share = 0;

    for (int cpu = 0; cpu < (int)sysconf(_SC_NPROCESSORS_ONLN); cpu++) {
        cpu_set_t one;
        long pauses = 0;
        double lost = 0;

        CPU_ZERO(&one);
        CPU_SET(cpu, &one);
        if (sched_setaffinity(0, sizeof one, &one) != 0)
            return 1;
        const double end = now_us() + 1e6;
        for (double before = now_us(), now; (now = now_us()) < end; before = now)
            if (now - before >= 5) {
                pauses++;
                lost += now - before;
            }
        if (pauses > most) {
            most = pauses;
            share = lost / 1e6;
        }
    }
    printf("%ld\t%.4f\n", most, share);
    return 0;
}
