/* Where messages go: a file, or a collector over UDP or TCP. */
#ifndef FLOW2IPFIX_SINK_H
#define FLOW2IPFIX_SINK_H

#include "cli.h"
#include "collector.h"
#include "err.h"
#include "message.h"

#include <stdbool.h>
#include <stdint.h>

struct sink;

struct sink_options {
    const struct cli_shared_values *shared;
    bool has_time; /* the time of export is fixed */
    uint32_t time;
    uint64_t refresh;          /* UDP: ns between templates, sent again */
    uint64_t refresh_messages; /* UDP: messages between them */
    uint64_t queue;            /* TCP: rows that wait for the collector */
    uint64_t give_up;          /* TCP: ns without progress, then rows are lost */
};

/* The result of sink_finish(). */
struct sink_counts {
    uint64_t lost;      /* rows that did not leave, or were refused */
    uint64_t refused;   /* UDP: messages that the collector's machine refused, at least */
    uint64_t unsent;    /* UDP: messages that the system did not send */
    uint64_t resets;    /* TCP: connections that ended with what may not have been read */
    uint64_t dropped;   /* TCP: rows of `lost` for which the queue had no room */
    uint64_t connects;  /* TCP */
    uint64_t refreshes; /* UDP: times that templates were sent again */
    char reason[128];   /* of the last of `unsent`, or why TCP did not connect */
};

/* What kinds of sinks have in common; each begins with it. */
struct sink {
    const struct sink_ops *ops;
};

struct sink_ops {
    bool (*describe)(struct sink *s, const struct message *m, struct err *e);
    bool (*data)(struct sink *s, const struct message *m, struct err *e);
    void (*wait)(struct sink *s, int fd, uint64_t until);
    bool (*finish)(struct sink *s, struct sink_counts *c, struct err *e);
    void (*abandon)(struct sink *s);
};

/* NULL with *e. The options and the collector must stay. End in sink_finish() or sink_abandon(),
 * which free it. */
struct sink *sink_file(const struct sink_options *o, struct err *e);
struct sink *sink_udp(const struct sink_options *o, const struct collector *to, struct err *e);
struct sink *sink_tcp(const struct sink_options *o, const struct collector *to);

/* A message that describes what is to come: sent now, and again when that is needed. */
bool sink_describe(struct sink *s, const struct message *m, struct err *e);

/* A message of rows. */
bool sink_data(struct sink *s, const struct message *m, struct err *e);

/* Looks after the connection until fd (-1: none) can be read, the moment `until` comes, or a signal
 * does. */
void sink_wait(struct sink *s, int fd, uint64_t until);

/* Sends what is left, as long as that takes no longer than it may, and ends. False with *e: the
 * file could not be written. */
bool sink_finish(struct sink *s, struct sink_counts *c, struct err *e);

/* Ends at once. */
void sink_abandon(struct sink *s);

#endif
