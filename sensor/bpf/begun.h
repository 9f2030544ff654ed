/*
 * Which system calls began. A seccomp filter looks at a call before the tracepoint of its beginning is reached: a call
 * that ends and never began was answered by a filter, or by a tracer, which is told apart.
 */
#ifndef HOLDFAST_BEGUN_H
#define HOLDFAST_BEGUN_H

#include "maps.h"

/*
 * By task: `refusals_since` of its cgroup, plus one while a call is under way. Anything else says nothing: the call was
 * under way before anybody looked.
 */
struct {
	__uint(type, BPF_MAP_TYPE_TASK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, __u64);
} begun SEC(".maps");

static __always_inline __u64 *begun_of_current(void)
{
	return bpf_task_storage_get(&begun, bpf_get_current_task_btf(), 0, BPF_LOCAL_STORAGE_GET_F_CREATE);
}

#endif
