/* Writes a pcap file to standard output: PACKETS packets of FLOWS flows, three of four TCP, both
 * ways, with a mean frame of BYTES, GAP ns apart. Each flow begins before any has its second
 * packet. With CHURN, each CHURN-th packet thereafter is of a flow that was not there before, in
 * place of one that was. Usage: flow-packets PACKETS FLOWS BYTES GAP [CHURN] */
#include <arpa/inet.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { RECORD = 16, ETHER = 14, IP = 20, TCP = 20, UDP = 8, LEAST = ETHER + IP + TCP, MOST = 1514 };

static uint64_t next_random(uint64_t *state)
{
    uint64_t z = *state += 0x9e3779b97f4a7c15;

    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
    z = (z ^ z >> 27) * 0x94d049bb133111eb;
    return z ^ z >> 31;
}

static void put16(uint8_t *p, uint32_t v)
{
    p[0] = (uint8_t)(v >> 8);
    p[1] = (uint8_t)v;
}

static void put32(uint8_t *p, uint32_t v)
{
    put16(p, v >> 16);
    put16(p + 2, v);
}

/* The headers of a packet of the flow; all else is 0. */
static void put_frame(uint8_t *p, uint64_t flow, int forward, uint32_t size)
{
    const int tcp = flow % 4 != 0;
    const uint32_t client = (10U << 24) + (uint32_t)(flow & 0xffffff),
                   server = (192U << 24) + (168U << 16) + flow % 251;
    const uint32_t client_port = 1024 + (uint32_t)(flow >> 24) % 60000;

    memset(p, 0, LEAST);
    put16(p + 12, 0x0800);
    p += ETHER;
    p[0] = 0x45;
    put16(p + 2, size - ETHER);
    p[8] = 64;
    p[9] = tcp ? 6 : 17;
    put32(p + 12, forward ? client : server);
    put32(p + 16, forward ? server : client);
    p += IP;
    put16(p, forward ? client_port : 443);
    put16(p + 2, forward ? 443 : client_port);
    if (tcp) {
        p[12] = 0x50;
        p[13] = 0x10;
        put16(p + 14, 500);
    } else {
        put16(p + 4, size - ETHER - IP);
    }
}

/* Sizes from LEAST on whose mean is `mean`: small ones and large ones, as they are on a link. */
static uint32_t size_of(uint64_t random, uint32_t mean)
{
    if (mean <= 2 * LEAST)
        return LEAST + (uint32_t)(random % (2 * (mean - LEAST) + 1));
    return random % (MOST - LEAST) < mean - LEAST ? MOST : LEAST;
}

int main(int argc, char **argv)
{
    static const uint8_t head[24] = {0x4d, 0x3c, 0xb2, 0xa1, 2, 0, 4, 0, 0, 0, 0,
                                     0,    0,    0,    0,    0, 0, 0, 4, 0, 1};
    static uint8_t buffer[RECORD + MOST];
    uint64_t state = 1, time = UINT64_C(1600000000) * 1000000000, born;

    if (argc != 5 && argc != 6) {
        fprintf(stderr, "usage: flow-packets PACKETS FLOWS BYTES GAP [CHURN]\n");
        return 2;
    }
    const uint64_t packets = strtoull(argv[1], NULL, 10), flows = strtoull(argv[2], NULL, 10);
    const uint32_t mean = (uint32_t)strtoul(argv[3], NULL, 10);
    const uint64_t gap = strtoull(argv[4], NULL, 10),
                   churn = argc == 6 ? strtoull(argv[5], NULL, 10) : 0;

    if (fwrite(head, sizeof head, 1, stdout) != 1)
        return 1;
    born = flows;
    for (uint64_t i = 0; i < packets; i++, time += gap) {
        const uint64_t random = next_random(&state);
        uint64_t flow = born - flows + (random >> 8) % flows;
        if (i < flows)
            flow = i;
        else if (churn && i % churn == 0)
            flow = born++;
        const uint32_t size = size_of(random >> 40, mean);
        const uint32_t record[4] = {(uint32_t)(time / 1000000000), (uint32_t)(time % 1000000000),
                                    size, size};
        memcpy(buffer, record, sizeof record);
        put_frame(buffer + RECORD, flow, random & 1, size);
        if (fwrite_unlocked(buffer, RECORD + size, 1, stdout) != 1)
            return 1;
    }
    return fflush(stdout) != 0;
}
