/* Reads a pcap file with libpcap and does nothing else: what any program that uses it pays. Usage:
 * pcap-read FILE */
#include <pcap/pcap.h>
#include <stdio.h>

static void count(u_char *context, const struct pcap_pkthdr *h, const u_char *data)
{
    (void)data;
    *(unsigned long *)(void *)context += h->caplen;
}

int main(int argc, char **argv)
{
    char reason[PCAP_ERRBUF_SIZE];
    unsigned long bytes = 0;
    pcap_t *const p = argc == 2 ? pcap_open_offline(argv[1], reason) : NULL;

    if (!p || pcap_loop(p, -1, count, (u_char *)&bytes) != 0)
        return 1;
    printf("%lu\n", bytes);
    pcap_close(p);
    return 0;
}
