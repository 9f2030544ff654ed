/* What a cgroup's programs do not reach by themselves: sockets made elsewhere, and packet sockets. */
#ifndef HOLDFAST_HOLD_CLAIM_H
#define HOLDFAST_HOLD_CLAIM_H

#include "hold-set.h"

/*
 * Claims every IPv4 and IPv6 socket of these processes for the held cgroup, and puts `hold_link` on every interface of
 * their network namespaces (Linux 6.6). Needs root. Says how many of each, and how many interfaces were refused, as one
 * JSON line. The exit code.
 */
int hold_claim(struct hold_set *set, uint64_t cgroup, int count, char **pids);

#endif
