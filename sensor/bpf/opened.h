/* Files that a system call opened, or was refused: which are told, and with which marks. */
#ifndef HOLDFAST_OPENED_H
#define HOLDFAST_OPENED_H

#include "call-arguments.h"
#include "once.h"
#include "process.h"
#include "refusals.h"
#include "sensitive.h"

#define OPEN_WRONLY 1
#define OPEN_RDWR 2
#define OPEN_CREAT 0100
#define OPEN_TRUNC 01000
#define FILE_WRITE 2
#define MARK_SENSITIVE 1
#define MARK_WRITTEN 2
#define MARK_FOREIGN 4

struct opened {
	__u64 flags;
	__u64 mode;
	__u32 marks;
};

static __always_inline void read_how(struct call *call, const struct call_row *row, struct opened *o)
{
	struct open_how how = {0};

	o->flags = argument(call, row->numbers[2]);
	o->mode = argument(call, row->numbers[3]);
	if (row->special == SPECIAL_CREAT)
		o->flags = OPEN_CREAT | OPEN_WRONLY | OPEN_TRUNC;
	if (row->special == SPECIAL_OPENAT2 && !bpf_probe_read_user(&how, sizeof(how), (void *)call->arguments[2])) {
		o->flags = how.flags;
		o->mode = how.mode;
	}
	/* Nothing is told of a mode that makes nothing. */
	if (!(o->flags & OPEN_CREAT))
		o->mode = 0;
}

static __always_inline int tell_open(struct call *call, const struct call_row *row, struct opened *o, struct walk *w)
{
	/* Whoever builds software writes thousands of files a second: they must not push security events out of their ring. */
	struct scratch *s = begin_call(call, RECORD_OPEN, o->marks & ~MARK_WRITTEN ? RECORD_HIGH : 0);

	if (!s)
		return 0;
	s->head.numbers[0] = (__s64)folder_of(call, row->path_folder);
	s->head.numbers[2] = o->flags;
	s->head.numbers[3] = o->mode;
	s->head.numbers[4] = o->marks;
	add_walked(s, FIELD_PATH, w);
	end_record(s);
	return 0;
}

/* Attempts that failed are told where the name is sensitive, or where the process was refused: a missing file is noise. */
static __noinline int open_failed(struct call *call, const struct call_row *row)
{
	struct opened o = {0};
	struct walk *w;

	if (!row || !row->path)
		return 0;
	w = walk_folder(call->task, folder_of(call, row->path_folder));
	if (!w)
		return 0;
	join_user_text(w, (void *)argument(call, row->path));
	if (is_sensitive(w))
		o.marks = MARK_SENSITIVE;
	if (!o.marks && call->result != REFUSED_EPERM && call->result != REFUSED_EACCES)
		return 0;
	read_how(call, row, &o);
	if (o.flags & (OPEN_WRONLY | OPEN_RDWR))
		o.marks |= MARK_WRITTEN;
	return tell_open(call, row, &o, w);
}

/*
 * Sensitive and written files are told always; others once for a process, and only where all opens are asked for. A file
 * is the same file by its entry in memory and the hash of its name, which costs less than its path.
 */
static __noinline int open_succeeded(struct call *call, const struct call_row *row, __u32 watch_flags)
{
	struct file *file = file_of(call->task, call->result);
	struct opened o = {0};
	struct dentry *dentry;
	struct once_key key;
	struct walk *w;

	if (!file || !row)
		return 0;
	read_how(call, row, &o);
	if ((BPF_CORE_READ(file, f_mode) & FILE_WRITE) || (o.flags & (OPEN_CREAT | OPEN_TRUNC)))
		o.marks = MARK_WRITTEN;
	dentry = BPF_CORE_READ(file, f_path.dentry);
	key = once_key_of(call->task, RECORD_OPEN, (__u64)dentry, BPF_CORE_READ(dentry, d_name.hash_len));
	if (!o.marks && was_told(&key))
		return 0;
	w = walk_path(BPF_CORE_READ(file, f_path));
	if (!w)
		return 0;
	if (is_sensitive(w))
		o.marks |= MARK_SENSITIVE;
	if (is_foreign(w, call->task))
		o.marks |= MARK_FOREIGN;
	if (!o.marks) {
		set_told(&key);
		if (!(watch_flags & WATCH_ALL_OPENS))
			return 0;
	} else {
		/* Whoever opens a file of control groups for writing may be about to move itself. */
		remember_cgroup(call->task, call->cgroup);
	}
	return tell_open(call, row, &o, w);
}

#endif
