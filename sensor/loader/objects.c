#include "loader.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* Maps of maps.h, process.h, path.h and flow.h: made by the first object that has them, given to the later ones. */
static const char *const SHARED[] = {
	"high_ring", "low_ring", "watched", "lost", "lost_of_type", "lived_in", "followed", "following", "entering", "walk", "scratch",
	"flows", "begun",
};
#define SHARED_COUNT (sizeof(SHARED) / sizeof(SHARED[0]))

/* One more than the file descriptor, so that 0 says that nobody has made it. */
static int shared_maps[SHARED_COUNT];

static struct bpf_object *open_object(struct loader *loader, const struct image *image)
{
	LIBBPF_OPTS(bpf_object_open_opts, options, .object_name = image->name);
	size_t size;
	const void *bytes = image->bytes(&size);
	struct bpf_object *object = bpf_object__open_mem(bytes, size, &options);

	if (!object)
		return NULL;
	for (size_t i = 0; i < SHARED_COUNT; i++) {
		struct bpf_map *map = bpf_object__find_map_by_name(object, SHARED[i]);

		if (map && shared_maps[i] && bpf_map__reuse_fd(map, shared_maps[i] - 1)) {
			bpf_object__close(object);
			return NULL;
		}
	}
	if (image->configure)
		image->configure(loader, object);
	return object;
}

/* Whether one program loads in this kernel when no other is asked for: 0 or a negative errno. */
static int try_program(struct loader *loader, const struct image *image, const char *name)
{
	struct bpf_object *object = open_object(loader, image);
	struct bpf_program *program;
	int error;

	if (!object)
		return -errno;
	bpf_object__for_each_program(program, object)
		if (strcmp(bpf_program__name(program), name))
			bpf_program__set_autoload(program, false);
	error = bpf_object__load(object);
	bpf_object__close(object);
	return error;
}

/* Loads all that loads alone: the slow way, for a kernel that refuses some of them. */
static struct bpf_object *load_some(struct loader *loader, const struct image *image)
{
	struct bpf_object *object = open_object(loader, image);
	struct bpf_program *program;
	int loadable = 0;

	if (!object)
		return NULL;
	bpf_object__for_each_program(program, object) {
		int error = bpf_program__autoload(program) ? try_program(loader, image, bpf_program__name(program)) : -ENOENT;

		if (!error) {
			loadable++;
			continue;
		}
		if (bpf_program__autoload(program))
			tell_program(loader, bpf_program__name(program), error, "the kernel does not load it");
		bpf_program__set_autoload(program, false);
	}
	if (loadable && !bpf_object__load(object))
		return object;
	bpf_object__close(object);
	return NULL;
}

static void keep_shared(struct bpf_object *object)
{
	for (size_t i = 0; i < SHARED_COUNT; i++)
		if (!shared_maps[i] && map_of(object, SHARED[i]) >= 0)
			shared_maps[i] = map_of(object, SHARED[i]) + 1;
}

struct bpf_object *load_object(struct loader *loader, const struct image *image)
{
	struct bpf_object *object = open_object(loader, image);

	if (!object) {
		tell_program(loader, image->name, -errno, "the object cannot be opened");
		return NULL;
	}
	if (bpf_object__load(object)) {
		bpf_object__close(object);
		object = load_some(loader, image);
	}
	if (object)
		keep_shared(object);
	return object;
}

static bool is_cgroup_program(const struct bpf_program *program)
{
	return !strncmp(bpf_program__section_name(program), "cgroup", 6) ||
	       !strncmp(bpf_program__section_name(program), "sockops", 7);
}

int attach_object(struct loader *loader, struct bpf_object *object)
{
	struct bpf_program *program;
	int attached = 0;

	bpf_object__for_each_program(program, object) {
		const char *name = bpf_program__name(program);
		struct bpf_link *link;

		if (!bpf_program__autoload(program))
			continue;
		if (is_cgroup_program(program) && loader->cgroup_root < 0) {
			tell_program(loader, name, -ENOENT, "no cgroup v2 hierarchy is mounted");
			continue;
		}
		link = is_cgroup_program(program) ? bpf_program__attach_cgroup(program, loader->cgroup_root)
						  : bpf_program__attach(program);
		if (link) {
			attached++;
			tell_program(loader, name, 0, NULL);
		} else {
			tell_program(loader, name, -errno, "the kernel does not attach it");
		}
	}
	return attached;
}

void tell_program(struct loader *loader, const char *name, int error, const char *why)
{
	static struct json json;
	char reason[256];

	json_start(&json);
	json_raw(&json, "{\"told\":\"program\",\"name\":");
	json_text(&json, name);
	json_raw(&json, ",\"attached\":%s", error ? "false" : "true");
	if (error) {
		snprintf(reason, sizeof(reason), "%s: %s", why, strerror(-error));
		json_raw(&json, ",\"error\":");
		json_text(&json, reason);
	}
	json_raw(&json, "}");
	frames_tell(&loader->frames, &json);
}

int map_of(struct bpf_object *object, const char *name)
{
	return bpf_object__find_map_fd_by_name(object, name);
}
