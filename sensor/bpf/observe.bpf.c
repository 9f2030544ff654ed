/* The tree of processes: exec, fork, exit, and the cgroups that they live in. */
#include "architecture.h"
#include "program.h"
#include "process.h"

char LICENSE[] SEC("license") = "GPL";

static __always_inline void reset_at_exec(struct watched *of)
{
	if (!(of->flags & WATCH_RESET_AT_EXEC) || of->exec_seen)
		return;
	of->exec_seen = 1;
	for (int i = 0; i < SYSCALL_WORDS; i++)
		of->called[i] = 0;
}

SEC("raw_tp/sched_process_exec")
int observe_exec(struct bpf_raw_tracepoint_args *ctx)
{
	struct task_struct *task = (void *)ctx->args[0];
	struct linux_binprm *bprm = (void *)ctx->args[2];
	__u64 cgroup = observed_cgroup();
	struct watched *of = watched_cgroup(cgroup);
	struct mm_struct *mm = BPF_CORE_READ(task, mm);
	struct scratch *s;

	if (!of)
		return 0;
	reset_at_exec(of);
	end_entering(task, BPF_CORE_READ(bprm, file, f_inode));
	remember_cgroup(task, cgroup);
	s = begin_record(RECORD_EXEC, RECORD_HIGH, task, cgroup);
	if (!s)
		return 0;
	s->head.numbers[2] = BPF_CORE_READ_BITFIELD_PROBED(bprm, secureexec);
	add_binary(s, bprm);
	add_argv(s, mm);
	add_path(s, FIELD_CWD, BPF_CORE_READ(task, fs, pwd));
	add_capabilities(s, task);
	add_traceparent(s, mm);
	end_record(s);
	return 0;
}

SEC("raw_tp/sched_process_fork")
int observe_fork(struct bpf_raw_tracepoint_args *ctx)
{
	struct task_struct *task = (void *)ctx->args[0];
	struct task_struct *child = (void *)ctx->args[1];
	__u64 cgroup = observed_cgroup();
	__u64 born_in;
	struct scratch *s;

	/* A thread is no new process. */
	if (BPF_CORE_READ(child, pid) != BPF_CORE_READ(child, tgid))
		return 0;
	born_in = BPF_CORE_READ(child, cgroups, dfl_cgrp, kn, id);
	if (!watched_cgroup(cgroup)) {
		/* A runtime may have its child born inside (CLONE_INTO_CGROUP). */
		if (watched_cgroup(born_in)) {
			begin_entering(child);
			remember_cgroup(child, born_in);
		}
		return 0;
	}
	remember_cgroup(child, cgroup);
	if (watched_cgroup(born_in))
		follow_child(task, child);
	else
		follow(child, cgroup);
	if (is_entering(BPF_CORE_READ(task, tgid)))
		begin_entering(child);
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

/* What the kernel makes of a thread whose filter ends it, before it ends. */
#define SECCOMP_DEAD 3

/* A filter ended this thread at a call, and with it the process unless it asked for the thread alone. */
static __always_inline void tell_killed(struct task_struct *task, __u64 cgroup)
{
	struct pt_regs *registers = (void *)bpf_task_pt_regs(bpf_get_current_task_btf());
	__u64 number = (__u32)BPF_CORE_READ(registers, orig_ax);
	struct scratch *s = begin_record(RECORD_SECCOMP_REFUSED, RECORD_HIGH, task, cgroup);

	if (!s)
		return;
	s->head.numbers[0] = number;
	s->head.numbers[2] = REFUSAL_KILLED;
	if (BPF_CORE_READ(task, thread_info.status) & THREAD_COMPAT)
		s->head.numbers[3] = ARCH_I386;
	else if (number & X32_BIT)
		s->head.numbers[3] = ARCH_X86_64;
	end_record(s);
}

SEC("raw_tp/sched_process_exit")
int observe_exit(struct bpf_raw_tracepoint_args *ctx)
{
	struct task_struct *task = (void *)ctx->args[0];
	__u64 cgroup = observed_cgroup();
	struct scratch *s;

	if (!watched_cgroup(cgroup))
		return 0;
	if (BPF_CORE_READ(task, seccomp.mode) == SECCOMP_DEAD)
		tell_killed(task, cgroup);
	/* Only the last thread ends the process. */
	if (BPF_CORE_READ(task, signal, live.counter) != 0)
		return 0;
	forget_process(task);
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

/* A value for `watched` is larger than the stack. Only cgroup_mkdir writes it. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct watched);
} fresh SEC(".maps");

/* A new cgroup is watched before its first process can be in it. */
static __always_inline void watch_child(__u64 child, const struct watched *of)
{
	__u32 zero = 0;
	struct watched *value = bpf_map_lookup_elem(&fresh, &zero);

	if (!value)
		return;
	value->flags = of->flags;
	/* Where a program ran above already, what happens in the new one is its doing from the first call on. */
	value->exec_seen = of->exec_seen;
	value->refusals_since = of->refusals_since;
	for (int i = 0; i < SYSCALL_WORDS; i++)
		value->noted[i] = of->noted[i];
	bpf_map_update_elem(&watched, &child, value, BPF_NOEXIST);
}

SEC("raw_tp/cgroup_mkdir")
int observe_cgroup_mkdir(struct bpf_raw_tracepoint_args *ctx)
{
	struct cgroup *made = (void *)ctx->args[0];
	const char *path = (void *)ctx->args[1];
	struct task_struct *task = (void *)bpf_get_current_task();
	__u64 id = BPF_CORE_READ(made, kn, id);
	struct cgroup *above = container_of_css(BPF_CORE_READ(made, self.parent));
	__u64 parent = above ? BPF_CORE_READ(above, kn, id) : 0;
	__u64 cgroup = observed_cgroup();
	struct watched *of = parent ? watched_cgroup(parent) : 0;
	struct scratch *s;

	if (of && (of->flags & WATCH_DESCEND))
		watch_child(id, of);
	/* Told for the folder that it is made in, and where an agent makes one elsewhere. */
	if (of)
		cgroup = parent;
	else if (!watched_cgroup(cgroup))
		return 0;
	s = begin_record(RECORD_CGROUP_MKDIR, RECORD_HIGH, task, cgroup);
	if (!s)
		return 0;
	s->head.numbers[0] = id;
	s->head.numbers[1] = parent;
	add_kernel_text(s, FIELD_TEXT, path);
	end_record(s);
	return 0;
}

SEC("raw_tp/cgroup_attach_task")
int observe_cgroup_move(struct bpf_raw_tracepoint_args *ctx)
{
	struct cgroup *entered = (void *)ctx->args[0];
	const char *path = (void *)ctx->args[1];
	struct task_struct *task = (void *)ctx->args[2];
	struct task_struct *mover = (void *)bpf_get_current_task();
	__u64 id = BPF_CORE_READ(entered, kn, id);
	__u64 left = cgroup_before(task);
	struct scratch *s;

	/* Hierarchies of cgroup v1 tell their moves here too: theirs is another root. */
	if (BPF_CORE_READ(entered, root) != BPF_CORE_READ(task, cgroups, dfl_cgrp, root))
		return 0;
	if (!watched_cgroup(id) && !watched_cgroup(left))
		return 0;
	/* One that left and comes back is the agent's own. */
	if (!watched_cgroup(left))
		begin_entering(task);
	if (watched_cgroup(id))
		unfollow(task);
	else
		follow(task, left);
	remember_cgroup(task, id);
	s = begin_record(RECORD_CGROUP_MOVE, RECORD_HIGH, task, watched_cgroup(left) ? left : id);
	if (!s)
		return 0;
	s->head.numbers[0] = left;
	s->head.numbers[1] = id;
	s->head.numbers[2] = BPF_CORE_READ(mover, tgid);
	add_kernel_text(s, FIELD_TEXT, path);
	end_record(s);
	return 0;
}

SEC("raw_tp/cgroup_rmdir")
int observe_cgroup_rmdir(struct bpf_raw_tracepoint_args *ctx)
{
	struct cgroup *removed = (void *)ctx->args[0];
	struct task_struct *task = (void *)bpf_get_current_task();
	__u64 id = BPF_CORE_READ(removed, kn, id);
	struct watched *of = watched_cgroup(id);
	struct scratch *s;

	if (!of)
		return 0;
	/* The last chance to tell which system calls were seen in it. */
	s = begin_record(RECORD_SYSCALLS, RECORD_HIGH, task, id);
	if (s) {
		s->head.pid = 0;
		for (int i = 0; i < SYSCALL_COUNTERS; i++)
			s->head.numbers[0] += of->calls[i].count;
		add_kernel_bytes(s, FIELD_BITMAP, of->called, sizeof(of->called));
		end_record(s);
	}
	bpf_map_delete_elem(&watched, &id);
	return 0;
}
