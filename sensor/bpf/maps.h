/*
 * The maps that every kernel program of the sensor shares, and how a record gets into a ring. The first object that the
 * loader loads makes these maps; the others are given them by name (loader/objects.c).
 */
#ifndef HOLDFAST_MAPS_H
#define HOLDFAST_MAPS_H

#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>
#include "record.h"

/* Security events: few, and each wakes the loader at once. */
struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 1 << 20);
} high_ring SEC(".maps");

/* Bulk: woken by 64 KB or 5 ms. 8 MB is 40 ms of the worst storm measured. */
struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 8 << 20);
} low_ring SEC(".maps");

/* Watched cgroups by cgroup v2 id. Nothing is emitted for a cgroup that is not in here. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 4096);
	__type(key, __u64);
	__type(value, struct watched);
} watched SEC(".maps");

/* Records that a full ring dropped. Cumulative; read by the loader. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16384);
	__type(key, struct lost_key);
	__type(value, __u64);
} lost SEC(".maps");

/* Where `lost` itself is full: by type alone, so that the total stays exact. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, RECORD_TYPES);
	__type(key, __u32);
	__type(value, __u64);
} lost_of_type SEC(".maps");

#define LOW_WAKE_BYTES (64 * 1024)
#define LOW_WAKE_NS (5 * 1000 * 1000)

static volatile __u64 low_woken_ns = 0;

/* Counts one record that could not be written. */
static __always_inline void count_lost(__u64 cgroup, __u32 type)
{
	struct lost_key key = {.cgroup = cgroup, .type = type};
	__u64 zero = 0;
	__u64 *count = bpf_map_lookup_elem(&lost, &key);

	if (!count) {
		bpf_map_update_elem(&lost, &key, &zero, BPF_NOEXIST);
		count = bpf_map_lookup_elem(&lost, &key);
	}
	if (!count)
		count = bpf_map_lookup_elem(&lost_of_type, &type);
	if (count)
		__sync_fetch_and_add(count, 1);
}

/*
 * Wakes at 64 KB, or when the last wake is 5 ms ago: the loader drains once more 5 ms after each wake, so a record
 * that wakes nobody is seen by that drain, and an idle ring costs nothing.
 */
static __always_inline __u64 low_wake(__u64 now)
{
	if (now - low_woken_ns < LOW_WAKE_NS &&
	    bpf_ringbuf_query(&low_ring, BPF_RB_AVAIL_DATA) < LOW_WAKE_BYTES)
		return BPF_RB_NO_WAKEUP;
	low_woken_ns = now;
	return BPF_RB_FORCE_WAKEUP;
}

/* Sends a finished record that lies in map memory; `bytes` must be bounded by the caller for the verifier. */
static __always_inline void send_record(struct record *record, __u64 bytes)
{
	long failed;

	record->bytes = bytes;
	if (record->flags & RECORD_HIGH)
		failed = bpf_ringbuf_output(&high_ring, record, bytes, 0);
	else
		failed = bpf_ringbuf_output(&low_ring, record, bytes, low_wake(record->boot_ns));
	if (failed)
		count_lost(record->cgroup, record->type);
}

/*
 * Processes that came into a watched cgroup from outside, and their children, until they run a program in it: a container
 * runtime on its way to what it starts. By pid: the inode of the program that it came with, which it may run again.
 */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 4096);
	__type(key, __u32);
	__type(value, __u64);
} entering SEC(".maps");

static __always_inline int is_entering(__u32 pid)
{
	return bpf_map_lookup_elem(&entering, &pid) != 0;
}

/* For programs that may be preempted (cgroup hooks, uprobes), which must not use the scratch of build.h. */
static __always_inline void *reserve_low(__u64 bytes, __u64 cgroup, __u32 type)
{
	void *record = bpf_ringbuf_reserve(&low_ring, bytes, 0);

	if (!record)
		count_lost(cgroup, type);
	return record;
}

static __always_inline void submit_low(struct record *record)
{
	bpf_ringbuf_submit(record, low_wake(record->boot_ns));
}

static __always_inline struct watched *watched_cgroup(__u64 cgroup)
{
	return bpf_map_lookup_elem(&watched, &cgroup);
}

/* Fills the fixed part for `task`; type-specific numbers are zero. */
static __always_inline void fill_head(struct record *record, __u32 type, __u32 flags, struct task_struct *task,
				      __u64 cgroup)
{
	struct task_struct *leader = BPF_CORE_READ(task, group_leader);
	struct task_struct *parent = BPF_CORE_READ(leader, real_parent);

	record->type = type;
	record->flags = flags;
	record->boot_ns = bpf_ktime_get_boot_ns();
	record->cgroup = cgroup;
	record->pid = BPF_CORE_READ(task, tgid);
	record->tid = BPF_CORE_READ(task, pid);
	record->start_ns = BPF_CORE_READ(leader, start_boottime);
	record->ppid = BPF_CORE_READ(parent, tgid);
	record->uid = BPF_CORE_READ(task, cred, euid.val);
	record->parent_start_ns = BPF_CORE_READ(parent, group_leader, start_boottime);
	record->result = 0;
	__builtin_memset(record->numbers, 0, sizeof(record->numbers));
	bpf_probe_read_kernel(record->comm, sizeof(record->comm), &task->comm);
}

#endif
