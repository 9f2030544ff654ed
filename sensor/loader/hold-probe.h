/* Tries, from inside a cgroup, what a hold must refuse. */
#ifndef HOLDFAST_HOLD_PROBE_H
#define HOLDFAST_HOLD_PROBE_H

/*
 * Joins the cgroup, and the network namespace of the process `pid` (0: stays). Opens a connection through loopback to a
 * process outside, says `ready`, waits for a line, then tries each way out. One JSON line for each way:
 * `{"way":"tcp4","refused":true,"detail":"..."}`. The exit code.
 */
int hold_probe(const char *cgroup, int pid);

#endif
