/* Paths whose every use is told: prefixes that the driver gives. */
#ifndef HOLDFAST_SENSITIVE_H
#define HOLDFAST_SENSITIVE_H

#include "path.h"

/* Prefixes of sensitive paths. */
struct {
	__uint(type, BPF_MAP_TYPE_LPM_TRIE);
	__uint(max_entries, 1024);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, struct sensitive_key);
	__type(value, __u32);
} sensitive SEC(".maps");

static __always_inline int looked_up(struct walk *w, __u32 bytes)
{
	if (bytes > SENSITIVE_KEY_BYTES)
		bytes = SENSITIVE_KEY_BYTES;
	w->key.bits = bytes * 8;
	return bpf_map_lookup_elem(&sensitive, &w->key) != 0;
}

/* The longest second folder that may stand for `*`: a user's name or a process id. */
#define STAR_MAX 48

/*
 * Whether the walked path begins with a sensitive prefix. Below /proc and /home, `*` in a prefix stands for the second
 * folder: a process id or a user's name.
 */
static __noinline int is_sensitive(struct walk *w)
{
	__u32 at, bytes, i;

	if (!w)
		return 0;
	at = w->at;
	if (at > PATH_MIDDLE)
		return 0;
	bytes = w->end - at;
	bpf_probe_read_kernel(w->key.path, SENSITIVE_KEY_BYTES, &w->text[at]);
	if (looked_up(w, bytes))
		return 1;
	if (bytes < 7 || w->key.path[5] != '/' ||
	    !((w->key.path[1] == 'p' && w->key.path[2] == 'r' && w->key.path[3] == 'o' && w->key.path[4] == 'c') ||
	      (w->key.path[1] == 'h' && w->key.path[2] == 'o' && w->key.path[3] == 'm' && w->key.path[4] == 'e')))
		return 0;
	for (i = 6; i < 6 + STAR_MAX; i++)
		if (w->key.path[i] == '/')
			break;
	if (i == 6 + STAR_MAX || bytes < i)
		return 0;
	w->key.path[6] = '*';
	bpf_probe_read_kernel(&w->key.path[7], SENSITIVE_KEY_BYTES - 7, &w->text[at + i]);
	return looked_up(w, bytes - i + 7);
}

#endif
