/* What is kept of a flow: of its first packets what the features want. [0] is backward, [1]
 * forward. */
struct flow_state {
    __u64 start, latest; /* least and greatest packet time, of all packets */
    __u64 closed;        /* when it became closing */
    __u32 verdict;       /* the last one reported, + 1; 0: none yet */
    __u32 class, model;  /* its class, 0: none yet, and the model that gave it */
    __u16 packets[2];    /* of the first ones */
    __u8 begun_high;     /* the flow's first packet came from the high end */
    __u8 closing, fins;  /* FINs as bits, backward 1, forward 2 */
