/*
 * Which cgroup a process is observed for. It is the one it lives in, except that a process which left a watched cgroup
 * is still observed for the one it left: moving away must not be a way out of sight.
 */
#ifndef HOLDFAST_PROCESS_H
#define HOLDFAST_PROCESS_H

#include "maps.h"

/* The last cgroup that a process was seen in, by pid: what it leaves when it is moved. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 65536);
	__type(key, __u32);
	__type(value, __u64);
} lived_in SEC(".maps");

/* Processes that left a watched cgroup for one that is not, by pid: the cgroup that was left. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16384);
	__type(key, __u32);
	__type(value, __u64);
} followed SEC(".maps");

/* How often a process began to be followed: while it is 0, nobody pays for looking one up. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} following SEC(".maps");

static __always_inline __u64 observed_cgroup(void)
{
	__u64 cgroup = bpf_get_current_cgroup_id();
	__u32 zero = 0;
	__u64 *count = bpf_map_lookup_elem(&following, &zero);
	__u32 pid;
	__u64 *left;

	if (!count || *count == 0)
		return cgroup;
	pid = bpf_get_current_pid_tgid() >> 32;
	left = bpf_map_lookup_elem(&followed, &pid);
	return left ? *left : cgroup;
}

static __always_inline void remember_cgroup(struct task_struct *task, __u64 cgroup)
{
	__u32 pid = BPF_CORE_READ(task, tgid);
	__u64 *known = bpf_map_lookup_elem(&lived_in, &pid);

	if (!known || *known != cgroup)
		bpf_map_update_elem(&lived_in, &pid, &cgroup, BPF_ANY);
}

static __always_inline __u64 cgroup_before(struct task_struct *task)
{
	__u32 pid = BPF_CORE_READ(task, tgid);
	__u64 *left = bpf_map_lookup_elem(&followed, &pid);

	if (!left)
		left = bpf_map_lookup_elem(&lived_in, &pid);
	return left ? *left : 0;
}

static __always_inline void follow(struct task_struct *task, __u64 cgroup)
{
	__u32 pid = BPF_CORE_READ(task, tgid), zero = 0;
	__u64 *count = bpf_map_lookup_elem(&following, &zero);

	if (!bpf_map_update_elem(&followed, &pid, &cgroup, BPF_NOEXIST) && count)
		__sync_fetch_and_add(count, 1);
}

static __always_inline void unfollow(struct task_struct *task)
{
	__u32 pid = BPF_CORE_READ(task, tgid), zero = 0;
	__u64 *count = bpf_map_lookup_elem(&following, &zero);

	if (!bpf_map_delete_elem(&followed, &pid) && count)
		__sync_fetch_and_add(count, -1);
}

static __always_inline void follow_child(struct task_struct *task, struct task_struct *child)
{
	__u32 pid = BPF_CORE_READ(task, tgid);
	__u64 *left = bpf_map_lookup_elem(&followed, &pid);

	if (left)
		follow(child, *left);
}

static __always_inline void begin_entering(struct task_struct *task)
{
	__u32 pid = BPF_CORE_READ(task, tgid);
	__u64 inode = BPF_CORE_READ(task, mm, exe_file, f_inode, i_ino);

	bpf_map_update_elem(&entering, &pid, &inode, BPF_ANY);
}

/* runc runs itself again on the way in, from its own file or from a copy that lies in memory. */
static __always_inline void end_entering(struct task_struct *task, struct inode *program)
{
	__u32 pid = BPF_CORE_READ(task, tgid);
	__u64 *came_with = bpf_map_lookup_elem(&entering, &pid);

	if (came_with && *came_with != BPF_CORE_READ(program, i_ino) && BPF_CORE_READ(program, i_nlink) != 0)
		bpf_map_delete_elem(&entering, &pid);
}

static __always_inline void forget_process(struct task_struct *task)
{
	__u32 pid = BPF_CORE_READ(task, tgid);

	unfollow(task);
	bpf_map_delete_elem(&entering, &pid);
	bpf_map_delete_elem(&lived_in, &pid);
}

/* The cgroup whose `self` this is; 0 for none. */
static __always_inline struct cgroup *container_of_css(struct cgroup_subsys_state *css)
{
	return css ? (void *)css - bpf_core_field_offset(struct cgroup, self) : 0;
}

#endif
