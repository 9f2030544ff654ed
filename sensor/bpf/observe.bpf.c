/* The tree of processes: exec, fork, exit. */
#include "build.h"

char LICENSE[] SEC("license") = "GPL";

static __always_inline __u64 current_cgroup(void)
{
	return bpf_get_current_cgroup_id();
}

SEC("raw_tp/sched_process_exec")
int observe_exec(struct bpf_raw_tracepoint_args *ctx)
{
	struct task_struct *task = (void *)ctx->args[0];
	struct linux_binprm *bprm = (void *)ctx->args[2];
	__u64 cgroup = current_cgroup();
	struct scratch *s;

	if (!watched_cgroup(cgroup))
		return 0;
	s = begin_record(RECORD_EXEC, RECORD_HIGH, task, cgroup);
	if (!s)
		return 0;
	add_kernel_text(s, FIELD_PATH, BPF_CORE_READ(bprm, filename));
	end_record(s);
	return 0;
}

SEC("raw_tp/sched_process_fork")
int observe_fork(struct bpf_raw_tracepoint_args *ctx)
{
	struct task_struct *task = (void *)ctx->args[0];
	struct task_struct *child = (void *)ctx->args[1];
	__u64 cgroup = current_cgroup();
	struct scratch *s;

	/* A thread is no new process. */
	if (BPF_CORE_READ(child, pid) != BPF_CORE_READ(child, tgid) || !watched_cgroup(cgroup))
		return 0;
	s = begin_record(RECORD_FORK, 0, task, cgroup);
	if (!s)
		return 0;
	s->head.numbers[0] = BPF_CORE_READ(child, tgid);
	s->head.numbers[1] = BPF_CORE_READ(child, pid);
	s->head.numbers[2] = BPF_CORE_READ(child, start_boottime);
	end_record(s);
	return 0;
}

/* SIGNAL_GROUP_EXIT of include/linux/sched/signal.h: the whole group ends with one code. */
#define GROUP_EXIT 4

SEC("raw_tp/sched_process_exit")
int observe_exit(struct bpf_raw_tracepoint_args *ctx)
{
	struct task_struct *task = (void *)ctx->args[0];
	__u64 cgroup = current_cgroup();
	struct scratch *s;

	/* Only the last thread ends the process. */
	if (BPF_CORE_READ(task, signal, live.counter) != 0 || !watched_cgroup(cgroup))
		return 0;
	s = begin_record(RECORD_EXIT, 0, task, cgroup);
	if (!s)
		return 0;
	if (BPF_CORE_READ(task, signal, flags) & GROUP_EXIT)
		s->head.numbers[0] = BPF_CORE_READ(task, signal, group_exit_code);
	else
		s->head.numbers[0] = BPF_CORE_READ(task, group_leader, exit_code);
	end_record(s);
	return 0;
}
