/** Entries folded before waiting queries get their turn: about a tenth of a second of work. Smaller batches write more pages. */
export const FOLD_BATCH_ENTRIES = 1_024
/** Bytes of bodies after which a batch ends: an entry may be a whole request, and a batch of those would not fit in memory. */
export const FOLD_BATCH_BYTES = 16 * 1024 * 1024
/**
 * Events after which a batch ends. A record of 270 KB may hold ten thousand messages: what a batch of such records means would fit
 * neither in memory nor in one block of rows. Batches of long histories of chats are mostly below.
 */
export const FOLD_BATCH_EVENTS = 65_536
/** Names kept per agent (members, versions): a process that invents names must not grow its document for ever. */
export const NAMES_PER_AGENT = 200
/** Attribute keys counted per agent that no dialect maps; more are counted together. */
export const UNMAPPED_KEYS_PER_AGENT = 300
/** Conversations one trace may name: a trace that names more is a forgery or a fault, the rest is grouped with the first. */
export const CONVERSATIONS_PER_TRACE = 16
/** Agents kept for a trace: real ones have a handful; a sender may invent one for each record. */
export const AGENTS_PER_TRACE = 64
/** Agents kept for a conversation. Its row moves in the list of each with every new record. */
export const AGENTS_PER_CONVERSATION = 256
/** Links and delegations kept for a trace: enough for any hand-over, too few to tie a workspace together. */
export const JOINS_PER_TRACE = 64
/** Postings of one event in the index of texts and values; the graph itself compares all its fingerprints. */
export const POSTINGS_PER_EVENT = 32
/**
 * Log entries whose texts and spans are indexed side by side: digests and ids are random, and among those of the whole log each
 * would dirty a page of its own. Who looks one up asks every epoch, ten microseconds each.
 */
export const EPOCH_ENTRIES = 4_096
/** Characters of the triggering input that stand in lists. */
export const TITLE_CHARACTERS = 160
/** Entries read into one conversation's graph; beyond it the graph says that it was cut. */
export const ENTRIES_PER_GRAPH = 200_000
/** Traces read into one conversation's graph. */
export const TRACES_PER_GRAPH = 5_000
/** Traces remembered until a quiet moment, when the first pages of the large ones are derived. */
export const TOUCHED_TRACES = 10_000
/** A conversation that grows all the time is derived at so many entries and whenever it has doubled, up to the bound of a graph: under a second of work. */
export const DOUBLED_FROM_ENTRIES = 8_000
/** Derivations that one question waits for on the other thread before it is answered here, whatever becomes of them. */
export const WANTS = 2
/** Traces of a folded batch whose conversations are asked whether they have doubled: one batch is mostly of a few. */
export const TRACES_SAMPLED = 8
/**
 * What the doctor reads of an agent to see whether spans are left out: its newest conversations, traces of them, and entries
 * and bytes of each trace. About a tenth of a second of work; of a longer trace it cannot say which parents never came.
 */
export const SAMPLING_CONVERSATIONS = 8
export const SAMPLING_TRACES = 8
export const SAMPLING_ENTRIES = 500
export const SAMPLING_BYTES = 1024 * 1024
/** Judging goes on in short slices until nobody has asked anything for that long: a page asks one question after the other. */
export const ASKED_MS = 2_000
/**
 * A backlog stands back altogether for so long after each request, which is what a browser takes from a page to its first question, and
 * no longer than that in one go however many come, after which it is judged as long before it stands back again. Beside it a page
 * of many questions has one core of two less.
 */
export const STAND_BACK_MS = 1_000
export const STOOD_BACK_MS = 3_000
/** Between two times that the thread which judges is told of requests: a page takes in dozens of files at once. */
export const VISIT_TOLD_MS = 100
/** Milliseconds of such a slice, and of one of a long question: who asks something else meanwhile waits for one several times. */
export const JUDGE_ASKED_SLICE_MS = 10
/** The log must stand still this long before that is done: a growing conversation would be derived again and again. */
export const QUIET_MS = 500
/** Deriving ahead rests this many times as long as it took: one that grows all the time may not keep a core busy. */
export const WARM_REST = 4
/** Rows of one span looked through for an event: every log record of a long call stands under its span. */
export const ROWS_PER_SPAN = 10_000
/** Graphs kept in memory, least recently asked for goes first. */
export const GRAPHS_CACHED = 8
/** Entries in all of them together: about 3 KB each. A graph that is larger by itself is kept alone. */
export const ENTRIES_HELD = 150_000
/** Entries up to which a growing graph is kept for whoever may ask: about 20 MB, and half a second to read them anew. */
export const AHEAD_ENTRIES = 20_000
/** Entries from which on a conversation is derived ahead of being asked for; below, that costs less than a blink. */
export const LARGE_ENTRIES = 1_000
/**
 * Young part of the heap of the workers that fold and derive. The default of three times 16 MiB stays resident for good once
 * a burst has filled it; folding takes no more CPU time with half of it (npm run fold -w bench).
 */
export const WORKER_YOUNG_MIB = 24
/** A thread that allocated less than so many bytes from one look to the next is at rest. */
export const REST_LOOK_MS = 10_000
export const REST_BYTES = 4 * 1024 * 1024
/** Bytes of the heap over what was left when it was collected last, from which a pause of some tenths of a second is worth it. */
export const GIVE_BACK_BYTES = 48 * 1024 * 1024
/** Bytes of pages that a collection gave back, from which on another is worth it. */
export const GIVE_BACK_AGAIN_BYTES = 2 * 1024 * 1024
/** A question that derives a graph waits this long, so that quick ones of the same page are answered before it. */
export const SLOW_ANSWER_MS = 5
/** Events in one page of the newest events; entries looked at to fill it. */
export const EVENT_SCAN_ENTRIES = 5_000
/** Events of which it is remembered in which entry they lie, about 150 bytes each: several of the largest blocks. */
export const EVENTS_PLACED = 16_384
/** Bytes of a request body of the API, imports apart. */
export const API_BODY_BYTES = 1024 * 1024
/** Bytes of the files that are being imported at once, and so of the largest. */
export const IMPORT_BYTES = 256 * 1024 * 1024
/** One history file, which is read piece by piece: a year of a busy agent. */
export const HISTORY_BYTES = 64 * 1024 * 1024 * 1024
/** Characters of a history's first line, which names its clock and the tool that made it. */
export const HISTORY_HEADER_BYTES = 4_096
/** One line of a history: one content item at its largest, as in a request. */
export const HISTORY_LINE_BYTES = 16 * 1024 * 1024
/** Memory that a history takes while it is read: two pieces, each a line over its size at most. */
export const HISTORY_ROOM_BYTES = 48 * 1024 * 1024
/** Heap of the worker that reads one: text, values and entries of the largest file; beyond it the worker ends alone. */
export const IMPORT_HEAP_MIB = 4096
/** Bytes of bodies appended at once, about one segment: between two of them other senders are acknowledged. */
export const IMPORT_SLICE_BYTES = 1024 * 1024
/** Groups appended at once: each has index terms of its own. */
export const IMPORT_SLICE_GROUPS = 64
/** Rejections and agents that the answer to an import lists; the rest is counted. */
export const IMPORT_REJECTIONS_SHOWN = 100
export const IMPORT_AGENTS_SHOWN = 1_000
/** When the server stops, who is still sending or reading after this long is cut off: what is owed is answered. */
export const CUT_OFF_MS = 2_000
/** Open event streams; a browser tab holds one or two. */
export const EVENT_STREAMS = 64
/** Bytes waiting for one slow reader of an event stream before rows are dropped and counted. */
export const STREAM_BACKLOG_BYTES = 4 * 1024 * 1024
/** Sessions alive at once; the oldest ends when one more signs in. */
export const SESSIONS = 1_000
/** Sessions of one caller; its oldest ends when it signs in once more. */
export const SESSIONS_PER_CALLER = 100
/** Sign-in links that wait to be opened; the oldest is dead when one more is made. */
export const SIGN_IN_CODES = 1_000
/** A session ends after this long, whatever happens. */
export const SESSION_MS = 12 * 60 * 60 * 1000
/** A sign-in link works once, and this long. */
export const SIGN_IN_CODE_MS = 60 * 60 * 1000
/** Refusals of one sender and reason become one gap record in this time, so that a flood cannot flood the log. */
export const GAP_WINDOW_MS = 1_000
/** Senders told apart in one window; the rest are counted together. */
export const GAP_SENDERS = 256
/** Entries in one evidence bundle: about 1 GiB at 5 KB each. */
export const BUNDLE_ENTRIES = 200_000
/** What a caller reads of one trace within this time is one record in the log. */
export const REVEAL_WINDOW_MS = 60_000
/** Readings remembered, so that they are not recorded again: pages open in that time. */
export const REVEALS_REMEMBERED = 10_000
/** Streams of the integrity page, each with a question to the views: a page that a person reads in a moment. */
export const STREAMS_SHOWN = 200
/** Newest gaps that the integrity page lists; it says how many there are, and the log has them all. */
export const GAPS_SHOWN = 100
/** Ports after a taken one that are tried: past twenty the machine is full of servers, and one must be stopped. */
export const NEXT_PORTS = 20
/** Gaps, and segments, that the integrity page reads before others get their turn: a few milliseconds of work. */
export const LEDGER_GAPS_PER_TURN = 32
export const LEDGER_SEGMENTS_PER_TURN = 512

/** Runs of records read of one connection: the kernel tells of it when it begins, every ten seconds and when it ends. */
export const CONNECTIONS_PER_SOCKET = 1_000

/** Five-tuples looked up for one conversation's graph; what is claimed beyond stays without the kernel's side. */
export const SOCKETS_PER_GRAPH = 20_000

/** Entries behind the log from which an answer says so: less is a moment's work, and nothing that anybody would wait for. */
export const BEHIND_TOLD = 2_000

/** Graphs of several conversations, or of an instant, that are kept: a person steps to and fro between a few. */
export const SIGHTS_CACHED = 12
/** Conversations of which moments are asked for one after the other; each holds the graph of its last moment. */
export const MOMENTS_CACHED = 2
/** Bars of the strip of time: about one for every ten pixels of a wide page. */
export const STRIP_PARTS = 120
/** Instants of a strip that one can step to: more than anybody steps through. */
export const STRIP_STEPS = 2_000
/** Marks on a strip; past that they stand closer than they can be told apart, and are counted. */
export const STRIP_MARKS = 300
/** Incidents, and changes of one agent, asked for the marks of one strip. */
export const STRIP_INCIDENTS = 50
/** Questions to the projections that may wait at once: each holds its arguments, and a hunt its columns. A page asks about ten. */
export const QUESTIONS_WAITING = 2_048
/** Answers to requests under an Idempotency-Key that are kept, of one account: a client repeats within minutes, and makes few things an hour. */
export const IDEMPOTENCY_KEYS_PER_ACCOUNT = 200
/** Characters of these answers; a plan has some ten thousand. */
export const IDEMPOTENCY_BYTES_PER_ACCOUNT = 2 * 1024 * 1024
/** Accounts whose keys are kept, those that used one last. */
export const IDEMPOTENCY_ACCOUNTS = 100
/** How long a key stands for its request. */
export const IDEMPOTENCY_KEPT_MS = 24 * 60 * 60 * 1000
