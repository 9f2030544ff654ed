/* What a seccomp filter refuses, and how that is known. */
#ifndef HOLDFAST_REFUSALS_H
#define HOLDFAST_REFUSALS_H

#include "begun.h"
#include "call.h"
#include "once.h"
#include "process.h"

#define SECCOMP_FILTERED 2
#define REFUSED_EPERM -1
#define REFUSED_EACCES -13
#define REFUSED_ENOSYS -38

#define MAX_ERRNO 4095

static __noinline int tell_refused(struct call *call, __u32 refusal, __u32 architecture)
{
	struct scratch *s;

	if (!is_first(call->task, RECORD_SECCOMP_REFUSED, call->number | (__u64)architecture << 32,
		      call->result << 3 | refusal))
		return 0;
	s = begin_call(call, RECORD_SECCOMP_REFUSED, RECORD_HIGH);
	if (!s)
		return 0;
	s->head.numbers[0] = call->number;
	s->head.numbers[1] = call->result < 0 ? -call->result : 0;
	s->head.numbers[2] = refusal;
	s->head.numbers[3] = architecture;
	end_record(s);
	return 0;
}

/* Whether the call that returns now never began. Looked at once for each return: it makes ready for the next call. */
static __always_inline int has_not_begun(const struct watched *of)
{
	__u64 *state = begun_of_current();
	__u64 was;

	if (!state)
		return 0;
	was = *state;
	*state = of->refusals_since;
	return was == of->refusals_since;
}

static __always_inline int is_noted(const struct watched *of, __u64 number)
{
	return (of->noted[(number >> 6) & (SYSCALL_WORDS - 1)] >> (number & 63)) & 1;
}

static __always_inline int is_usual_answer(__s64 result)
{
	return result == REFUSED_EPERM || result == REFUSED_EACCES || result == REFUSED_ENOSYS;
}

/* A trap puts the registers back, so that the call seems to return its own number. */
static __noinline int judge_refusal(struct call *call, __u32 is_unbegun, __u32 architecture)
{
	/* A local: reading it from `call` would make a relocation of a struct that no kernel has. */
	struct task_struct *task = call->task;

	if (BPF_CORE_READ(task, seccomp.mode) != SECCOMP_FILTERED)
		return 0;
	if (is_unbegun && !BPF_CORE_READ(task, ptrace)) {
		if (call->result < 0 && call->result >= -MAX_ERRNO)
			return tell_refused(call, REFUSAL_NOT_BEGUN, architecture);
		if (call->result && call->result == call->number)
			return tell_refused(call, REFUSAL_TRAPPED, architecture);
	}
	if (is_usual_answer(call->result))
		return tell_refused(call, REFUSAL_ANSWER, architecture);
	return 0;
}

/* What the runtime calls under the filter before it becomes the program is not the program's. */
static __noinline int tell_noted(struct call *call)
{
	struct task_struct *task = call->task;
	__s64 result = call->result;

	if (BPF_CORE_READ(task, seccomp.mode) != SECCOMP_FILTERED)
		return 0;
	/* Once for each program, whatever it returns. */
	call->result = 0;
	tell_refused(call, REFUSAL_NOTED, 0);
	call->result = result;
	return 0;
}

#endif
