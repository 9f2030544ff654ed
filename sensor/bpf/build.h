/*
 * Builds a record in per-CPU memory, field by field. Only for raw tracepoints, which run with preemption off: a program
 * that may be preempted would share the memory with the one that preempts it.
 */
#ifndef HOLDFAST_BUILD_H
#define HOLDFAST_BUILD_H

#include "maps.h"

/*
 * A per-CPU value is at most 32 KB. The last RECORD_MAX_PATH bytes are slack: a field may begin anywhere before them, so
 * that each write is inside by an argument the verifier can follow.
 */
#define SCRATCH_BYTES 32768
#define FIELDS_BYTES (SCRATCH_BYTES - sizeof(struct record) - 8)
#define FIELDS_MAX (FIELDS_BYTES - RECORD_MAX_PATH - 16)

struct scratch {
	struct record head;
	__u8 fields[FIELDS_BYTES];
	__u32 at;
	__u32 zero;
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct scratch);
} scratch SEC(".maps");

static __always_inline struct scratch *begin_record(__u32 type, __u32 flags, struct task_struct *task, __u64 cgroup)
{
	__u32 zero = 0;
	struct scratch *s = bpf_map_lookup_elem(&scratch, &zero);

	if (!s)
		return 0;
	fill_head(&s->head, type, flags, task, cgroup);
	if (is_entering(s->head.pid))
		s->head.flags |= RECORD_SETUP;
	s->at = 0;
	return s;
}

static __always_inline void end_record(struct scratch *s)
{
	__u32 at = s->at;

	if (at > FIELDS_MAX + RECORD_MAX_PATH + 8)
		return;
	send_record(&s->head, sizeof(struct record) + at);
}

/* Where the data of the next field goes, or 0 where the record is full. `claim_field` must follow. */
static __always_inline void *next_field(struct scratch *s)
{
	__u32 at = s->at;

	if (at > FIELDS_MAX) {
		s->head.flags |= RECORD_CUT;
		return 0;
	}
	return &s->fields[at + sizeof(struct field_head)];
}

/* Makes the `bytes` that were written at `next_field` a field, padded with zeros to a multiple of 8. */
static __always_inline void claim_field(struct scratch *s, __u16 tag, __u32 bytes)
{
	__u32 at = s->at;
	__u32 end;
	struct field_head *head;

	if (at > FIELDS_MAX || bytes > RECORD_MAX_PATH)
		return;
	head = (struct field_head *)&s->fields[at];
	head->tag = tag;
	head->bytes = bytes;
	end = at + sizeof(*head) + bytes;
	__builtin_memset(&s->fields[end], 0, 8);
	s->at = (end + 7) & ~7U;
}

/* Text of the kernel's, at most RECORD_MAX_PATH with its end mark. */
static __always_inline void add_kernel_text(struct scratch *s, __u16 tag, const void *text)
{
	void *to = next_field(s);
	long bytes;

	if (!to)
		return;
	bytes = bpf_probe_read_kernel_str(to, RECORD_MAX_PATH, text);
	if (bytes <= 1)
		return;
	if (bytes == RECORD_MAX_PATH)
		s->head.flags |= RECORD_CUT;
	claim_field(s, tag, bytes - 1);
}

/* Text of the process's own memory: a page that is not present leaves the field out and is told by a flag. */
static __always_inline void add_user_text(struct scratch *s, __u16 tag, const void *text)
{
	void *to = next_field(s);
	long bytes;

	if (!to || !text)
		return;
	bytes = bpf_probe_read_user_str(to, RECORD_MAX_PATH, text);
	if (bytes < 0)
		s->head.flags |= RECORD_INCOMPLETE;
	if (bytes <= 1)
		return;
	if (bytes == RECORD_MAX_PATH)
		s->head.flags |= RECORD_CUT;
	claim_field(s, tag, bytes - 1);
}

/* Bytes of kernel memory whose number is known when the program is compiled. */
#define add_kernel_bytes(s, tag, from, size)                            \
	({                                                              \
		void *add_to = next_field(s);                           \
		if (add_to) {                                           \
			bpf_probe_read_kernel(add_to, (size), (from));  \
			claim_field(s, tag, (size));                    \
		}                                                       \
	})

#endif
