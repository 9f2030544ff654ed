/* Capabilities that were asked for, granted or not: from 6.14 on. */
#include "build.h"
#include "once.h"
#include "process.h"

char LICENSE[] SEC("license") = "GPL";

#define CAP_FSETID 4
#define CAP_IPC_LOCK 14
#define CAP_SYS_ADMIN 21
#define CAP_SYS_RESOURCE 24

static __always_inline int is_memory_call(__u64 call)
{
	switch (call) {
	case 1: /* write, to memory that a file descriptor stands for */
	case 9: /* mmap */
	case 10: /* mprotect */
	case 11: /* munmap */
	case 12: /* brk */
	case 25: /* mremap */
	case 18: /* pwrite64 */
	case 56: /* clone */
	case 57: /* fork */
	case 58: /* vfork */
	case 59: /* execve */
	case 60: /* exit */
	case 77: /* ftruncate */
	case 231: /* exit_group */
	case 285: /* fallocate */
	case 322: /* execveat */
	case 435: /* clone3 */
		return 1;
	}
	return 0;
}

/*
 * The kernel asks for some capabilities without meaning them: whether memory may be overcommitted, whether a reserve of
 * the disk may be used, whether bits of a file that was written may stay. The hook does not tell these apart (the kernel
 * itself marks them CAP_OPT_NOAUDIT), so they are known by the call they are part of. 3 is a page fault or an interrupt.
 */
static __always_inline int is_noise(int capability, __u64 call)
{
	switch (capability) {
	case CAP_SYS_ADMIN:
	case CAP_IPC_LOCK:
		return is_memory_call(call) || (__s64)call < 0;
	case CAP_SYS_RESOURCE:
	case CAP_FSETID:
		return 1;
	}
	return 0;
}

/* A root that does what root may is told once for each capability and program. */
SEC("raw_tp/cap_capable")
int observe_capability(struct bpf_raw_tracepoint_args *ctx)
{
	struct user_namespace *target = (void *)ctx->args[1];
	int capability = ctx->args[3];
	int refused = ctx->args[4];
	__u64 cgroup = observed_cgroup();
	struct task_struct *task;
	struct pt_regs *registers;
	struct scratch *s;
	__u64 call;

	if (!watched_cgroup(cgroup))
		return 0;
	task = (void *)bpf_get_current_task();
	registers = (void *)bpf_task_pt_regs(bpf_get_current_task_btf());
	call = BPF_CORE_READ(registers, orig_ax);
	if (is_noise(capability, call) || !is_first(task, RECORD_CAPABILITY, capability, refused != 0))
		return 0;
	s = begin_record(RECORD_CAPABILITY, RECORD_HIGH, task, cgroup);
	if (!s)
		return 0;
	s->head.numbers[0] = capability;
	s->head.numbers[1] = refused == 0;
	s->head.numbers[3] = call;
	s->head.numbers[4] = BPF_CORE_READ(target, level);
	s->head.result = refused;
	end_record(s);
	return 0;
}
