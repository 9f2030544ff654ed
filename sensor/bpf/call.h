/* A system call as the programs on its end have it. */
#ifndef HOLDFAST_CALL_H
#define HOLDFAST_CALL_H

#include "build.h"

/* One system call that has returned. On x86-64 its arguments are still in the registers that it was made with. */
struct call {
	__u64 arguments[6];
	__u64 number;
	__s64 result;
	struct task_struct *task;
	__u64 cgroup;
};

static __always_inline struct scratch *begin_call(const struct call *call, __u32 type, __u32 flags)
{
	struct scratch *s = begin_record(type, flags, call->task, call->cgroup);

	if (s)
		s->head.result = call->result;
	return s;
}

#endif
