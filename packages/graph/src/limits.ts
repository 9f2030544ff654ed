/** Values kept per text: what `ContentRef.values` promises. A tool argument has a handful, a long document thousands. */
export const MAX_VALUES = 256

/** Characters of a text that are searched for values. A 5 MB blob must cost what a page of text costs. */
export const MAX_VALUE_TEXT = 256 * 1024

/** Candidates hashed per text, before the rarest kinds are chosen; bounds the cost of a text made of identifiers only. */
export const MAX_VALUE_CANDIDATES = 4_096

/** The shortest value that is traced: shorter ones meet by chance in any conversation. */
export const MIN_VALUE_LENGTH = 6

/** A longer run of characters is one value and is not taken apart: it is encoded data, not an address. */
export const MAX_VALUE_LENGTH = 1_024

/** A value that stands in more independent sources than this tells nothing about where it came from. */
export const MAX_VALUE_SOURCES = 4

/** Places one value may leave by; past this it is part of the conversation's vocabulary. */
export const MAX_VALUE_SINKS = 256

/** Fingerprints shown on one edge (the wire type says 8). */
export const MAX_EDGE_VALUES = 8

/** The shortest text, in bytes, whose equality alone joins two nodes: "ok" and "yes" are equal everywhere. */
export const MIN_DIGEST_BYTES = 16

/** Steps of the search that checks a join by content against causality, per snapshot; past it the cheap test decides. */
export const MAX_CAUSALITY_STEPS = 4_000_000

/** Differing texts of one content slot that joins compare; honest sources write the same arguments in a handful of ways. */
export const MAX_SLOT_TEXTS = 64

/** Calls that one tool message is joined to by its call id; more of one id in one run is no id. */
export const MAX_ANSWERED = 16

/** Names read from one hand-off request; `transfer_to_billing` has two, and a name of only `_to_` has very many. */
export const MAX_HANDOFF_NAMES = 16

/** Agents named on a node as claiming the same span; there is more than one, and that is what matters. */
export const MAX_RIVALS = 8

/** Spans climbed from a span to the act that encloses it. Deeper nesting than this is hostile or a broken exporter. */
export const MAX_CLIMB = 256

/** Characters of a tool call's arguments that are read for what they claim to do; a longer text holds a file's content. */
export const MAX_CLAIM_TEXT = 256 * 1024

/** Contradictions of one conversation; a person reads a handful, and each is found anew from the same events. */
export const MAX_CONTRADICTIONS = 1_000

/** Events held for one conversation: forty times the largest that a page opens. More are refused and counted. */
export const MAX_EVENTS = 2_000_000

/** Nodes and edges of one graph. At about 300 bytes a node this is what a reader of the JSON can still hold. */
export const MAX_NODES = 2_000_000
export const MAX_EDGES = 8_000_000

/** Reach of a query: hops of the longest honest chain over several agents, times four. */
export const MAX_HOPS = 64
export const MAX_REACH_NODES = 2_000_000

/** Characters of a label (the wire type says 200). */
export const MAX_LABEL = 200

/** Groups shown at first, and the most that are ever drawn (design rule for graphs of any size). */
export const AGGREGATE_AT_FIRST = 150
export const AGGREGATE_MAX = 300

/** Members named on a folded node; the count is whole. */
export const MAX_MEMBERS = 100

/** Missing items listed per artifact (the wire type says 100). */
export const MAX_MISSING = 100

/** Places named by one contagion query. */
export const MAX_CONTAGION = 10_000
