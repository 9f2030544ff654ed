/*
 * Paths as the mount namespace of the file knows them: from the file up to the root, over mount points. What a process
 * passed as text says little: links, working directories and other namespaces' files all hide behind it.
 */
#ifndef HOLDFAST_PATH_H
#define HOLDFAST_PATH_H

#include "build.h"

#define PATH_MIDDLE 4096
/* Folders and mount points on the way up; deeper paths are cut at the front and say so. */
#define PATH_MAX_STEPS 128
#define SENSITIVE_KEY_BYTES 248

struct sensitive_key {
	__u32 bits;
	__u8 path[SENSITIVE_KEY_BYTES];
};

/*
 * The path grows from the middle to the front while it is walked; text that follows it is put behind the middle. All
 * state is in map memory: on the stack, the verifier would follow every combination (bpf_loop).
 */
struct walk {
	struct dentry *dentry;
	struct mount *mount;
	void *namespace;
	__u32 at;
	__u32 end;
	__u32 is_cut;
	__u32 is_done;
	__u8 text[PATH_MIDDLE * 2 + 512];
	struct sensitive_key key;
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct walk);
} walk SEC(".maps");

static __always_inline struct walk *the_walk(void)
{
	__u32 zero = 0;

	return bpf_map_lookup_elem(&walk, &zero);
}

static __always_inline void put_name(struct walk *w, struct dentry *dentry)
{
	__u32 length = BPF_CORE_READ(dentry, d_name.len) & 255;
	__u32 at = w->at;

	if (at <= length + 1 || at > PATH_MIDDLE) {
		w->is_cut = 1;
		w->is_done = 1;
		return;
	}
	at -= length + 1;
	w->at = at;
	at &= PATH_MIDDLE - 1;
	w->text[at] = '/';
	bpf_probe_read_kernel(&w->text[at + 1], length, BPF_CORE_READ(dentry, d_name.name));
}

static long walk_up(__u32 step, void *unused)
{
	struct walk *w = the_walk();
	struct dentry *dentry, *parent;
	struct mount *mount, *above;

	if (!w || w->is_done)
		return 1;
	dentry = w->dentry;
	mount = w->mount;
	parent = BPF_CORE_READ(dentry, d_parent);
	if (dentry == BPF_CORE_READ(mount, mnt.mnt_root)) {
		above = BPF_CORE_READ(mount, mnt_parent);
		if (above == mount) {
			w->is_done = 1;
			return 1;
		}
		w->dentry = BPF_CORE_READ(mount, mnt_mountpoint);
		w->mount = above;
		return 0;
	}
	put_name(w, dentry);
	/* A file of no folder, such as a memfd: it has its name and nothing above. */
	if (parent == dentry)
		w->is_done = 1;
	w->dentry = parent;
	return w->is_done ? 1 : 0;
}

/* Walks from `path` up. 0 where per-CPU memory is missing, which the verifier wants checked. */
static __always_inline struct walk *walk_path(struct path path)
{
	struct walk *w = the_walk();
	/* A local: reading it from `w` would make a relocation of a struct that no kernel has. */
	struct mount *mount = (void *)path.mnt - bpf_core_field_offset(struct mount, mnt);

	if (!w)
		return 0;
	w->dentry = path.dentry;
	w->mount = mount;
	w->namespace = BPF_CORE_READ(mount, mnt_ns);
	w->at = PATH_MIDDLE;
	w->end = PATH_MIDDLE;
	w->is_cut = 0;
	w->is_done = 0;
	bpf_loop(PATH_MAX_STEPS, walk_up, 0, 0);
	if (!w->is_done)
		w->is_cut = 1;
	if (w->at == PATH_MIDDLE) {
		w->text[PATH_MIDDLE] = '/';
		w->end = PATH_MIDDLE + 1;
	}
	return w;
}

/* Puts the process's own text behind the folder that was walked, or in the folder's place where it is absolute. */
static __always_inline void join_user_text(struct walk *w, const void *text)
{
	__u8 first = 0;
	long bytes;

	bpf_probe_read_user(&first, 1, text);
	if (first == '/' || first == 0)
		w->at = PATH_MIDDLE;
	/* The root needs no second slash between itself and what follows. */
	w->text[PATH_MIDDLE] = '/';
	w->end = PATH_MIDDLE + (first == '/' || first == 0 ? 0 : 1);
	bytes = bpf_probe_read_user_str(&w->text[w->end & (PATH_MIDDLE | 1)], PATH_MIDDLE, text);
	if (bytes == PATH_MIDDLE)
		w->is_cut = 1;
	if (bytes > 0)
		w->end += bytes - 1;
}

static __always_inline void add_walked(struct scratch *s, __u16 tag, struct walk *w)
{
	void *to = next_field(s);
	__u32 at = w->at;
	__u32 bytes = w->end - at;

	if (w->is_cut)
		s->head.flags |= RECORD_CUT;
	if (!to || at > PATH_MIDDLE || bytes == 0)
		return;
	if (bytes > RECORD_MAX_PATH - 1) {
		bytes = RECORD_MAX_PATH - 1;
		s->head.flags |= RECORD_CUT;
	}
	bpf_probe_read_kernel(to, bytes & (RECORD_MAX_PATH - 1), &w->text[at]);
	claim_field(s, tag, bytes);
}

static __always_inline void add_path(struct scratch *s, __u16 tag, struct path path)
{
	struct walk *w = walk_path(path);

	if (w)
		add_walked(s, tag, w);
}

/* Whether the walked file lies in a mount namespace that is not the task's: another container's, or the host's. */
static __always_inline int is_foreign(struct walk *w, struct task_struct *task)
{
	unsigned long namespace = (unsigned long)w->namespace;

	/* Files of no folder (memfd, pipes) have none, or an error in its place. */
	if (namespace == 0 || namespace >= (unsigned long)-4095)
		return 0;
	return namespace != (unsigned long)BPF_CORE_READ(task, nsproxy, mnt_ns);
}

static __always_inline struct file *file_of(struct task_struct *task, int fd)
{
	struct fdtable *table = BPF_CORE_READ(task, files, fdt);
	struct file **files = BPF_CORE_READ(table, fd);
	struct file *file = 0;

	if (fd < 0 || fd >= BPF_CORE_READ(table, max_fds))
		return 0;
	bpf_probe_read_kernel(&file, sizeof(file), files + fd);
	return file;
}

#define AT_FDCWD -100

/* The folder that a path relative to `dfd` begins in; the working directory where `dfd` names none. */
static __always_inline struct walk *walk_folder(struct task_struct *task, int dfd)
{
	struct file *file = dfd == AT_FDCWD ? 0 : file_of(task, dfd);
	struct path path;

	if (file)
		path = BPF_CORE_READ(file, f_path);
	else
		path = BPF_CORE_READ(task, fs, pwd);
	return walk_path(path);
}

static __always_inline void add_user_path(struct scratch *s, __u16 tag, struct task_struct *task, int dfd,
					  const void *text)
{
	struct walk *w = walk_folder(task, dfd);

	if (!w)
		return;
	join_user_text(w, text);
	add_walked(s, tag, w);
}

#endif
