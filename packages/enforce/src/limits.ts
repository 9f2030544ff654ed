/** Log positions that one ground of a line names: enough to look at, while the profile counts them all. */
export const GROUND_ENTRIES = 16
/** Lines of one artifact: a policy of more is no policy that anybody can review. */
export const LINES_MOST = 4_096
/** Flows that stand for all others when policies are held against each other: under half a second for ten policies of 100 rules. */
export const CELL_FLOWS = 65_536
/** Addresses of one name that a policy lists: services behind more rotate through them, and what was seen last counts. */
export const ADDRESSES_PER_NAME = 64
/** What an artifact names as examples in a sentence. */
export const NAMED_MOST = 3
/** Addresses whose names a replayed window teaches: an agent that meets more than this meets each of them for a short time. */
export const LEARNED_NAMES = 65_536
/** Tools that are offered and never called, named one by one in a policy; more are counted. */
export const IDLE_TOOLS_NAMED = 256
/** Lines of one artifact in the text of a pull request, which platforms cut at some 65,000 characters. */
export const LINES_IN_TEXT = 100
/** Days of the window that a rollout's report rests on: benign traffic of two weeks, so that each day of a week is in it twice. */
export const REPORT_DAYS = 14
/** Rules of one ClusterNetworkPolicy, and entries of each list in a rule (its schema, v1alpha2). */
export const RULES_A_CLUSTER_POLICY = 25
export const PEERS_A_LIST = 25
