/** Proxies that are known at once: each agent of a host has a handful. The one that was longest silent is forgotten. */
export const PROXIES_KEPT = 1_024

/** A proxy asks again at least this often, and is taken for gone after as long again. */
export const PROXY_SILENT_MS = 45_000

/** How long a person or a plan waits for the proxies that run to answer; those that do not are named. */
export const PROXY_ANSWER_MS = 5_000

/** How long an order is tried by the proxies: a message that is made up takes milliseconds, on a loaded machine seconds. */
export const PROXY_PROBE_MS = 15_000

/** Orders that are known by their last step; the log has all. What is over is forgotten first, and counted. */
export const ORDERS_KEPT = 10_000

/** Orders in force at once: more than incidents of a year need, fewer than would make an answer to a proxy slow. */
export const ORDERS_IN_FORCE = 1_000

/** Steps named of one order, the newest. */
export const ORDER_STEPS_KEPT = 50

/** Log entries that are looked through for calls that an order should have held. */
export const REACHED_ENTRIES = 20_000

/** Tools of a catalogue that a plan pins by name and definition: each stands in the plan, which people read. */
export const PINNED_TOOLS = 200

/** Characters of an item's id by which a proxy can tell it apart. */
export const MIN_ITEM_ID = 3
