#define least(a, b) ((a) < (b) ? (a) : (b))
#define greatest(a, b) ((a) > (b) ? (a) : (b))
#define span(last, first) ((last) > (first) ? (last) - (first) : 0)
#define within(x, low, high) ((x) >= (low) && (x) <= (high))
