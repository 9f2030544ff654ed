#include "loader.h"

extern const struct module observe_module;
extern const struct module hold_module;
extern const struct module policy_module;
extern const struct module tls_module;

/* `observe` first: its object makes the maps that the others share. */
const struct module *const modules[] = {
	&observe_module,
	&hold_module,
	&policy_module,
	&tls_module,
	NULL,
};
