import { keyPart } from '../views/key-part.ts'

/** Keys of the incidents projection. Parts that a sender chose are percent-encoded, and numbers padded. */
export const keys = {
  /** A trace that changed since it was judged, by agent, so that none waits for another's storm; the last log position that did. */
  changed: (agent: string, trace: string) => `d/${keyPart(agent)}/${keyPart(trace)}`,
  changedAll: () => 'd/',
  changedOf: (agent: string) => `d/${keyPart(agent)}/`,
  /** After every changed trace of an agent. */
  changedEnd: (agent: string) => `d/${keyPart(agent)}0`,
  /** A case that could not be judged, with the reason. */
  failure: (conversation: string) => `x/${keyPart(conversation)}`,
  failures: () => 'x/',
  /** Traces that share a key which joins, and the keys of a trace. */
  join: (key: string, trace: string) => `j/${keyPart(key)}/${keyPart(trace)}`,
  joined: (key: string) => `j/${keyPart(key)}/`,
  joinOf: (trace: string, key: string) => `k/${keyPart(trace)}/${keyPart(key)}`,
  joinsOf: (trace: string) => `k/${keyPart(trace)}/`,
  /** Where a memory record was written. */
  write: (record: string, event: string) => `w/${keyPart(record)}/${keyPart(event)}`,
  writes: (record: string) => `w/${keyPart(record)}/`,
  /** The same by the record's own id, whatever its store. */
  itemWrite: (record: string, event: string) => `s/${keyPart(record)}/${keyPart(event)}`,
  itemWrites: (record: string) => `s/${keyPart(record)}/`,
  /** What persons reported of a conversation, in the order of the log. */
  report: (conversation: string, entry: number) => `z/${keyPart(conversation)}/${entry.toString().padStart(16, '0')}`,
  /** Where a report stands. */
  reported: (report: string) => `f/${keyPart(report)}`,
  /** Where it was taken back. */
  withdrawn: (report: string) => `fw/${keyPart(report)}`,
  reportsOf: (conversation: string) => `z/${keyPart(conversation)}/`,
  /** How often an agent retrieved an item of a corpus. */
  retrieved: (agent: string, origin: string) => `u/${keyPart(agent)}/${keyPart(origin)}`,
  retrievedOf: (agent: string) => `u/${keyPart(agent)}/`,
  /** Cases that were judged, by when they began, and when the newest of an agent did. */
  judged: (agent: string, begun: bigint, conversation: string) =>
    `a/${keyPart(agent)}/${begun.toString().padStart(20, '0')}/${keyPart(conversation)}`,
  judgedOf: (agent: string) => `a/${keyPart(agent)}/`,
  newestJudged: (agent: string) => `e/${keyPart(agent)}`,
  /** From when on cases of an agent are to be judged anew, because of what came late. */
  late: (agent: string) => `t/${keyPart(agent)}`,
  lates: () => 't/',
  /** Evidence of a case with signals, by its first conversation. */
  evidence: (conversation: string) => `v/${keyPart(conversation)}`,
  /** Cases with signals by an identity that they share. */
  held: (key: string, conversation: string) => `y/${keyPart(key)}/${keyPart(conversation)}`,
  heldBy: (key: string) => `y/${keyPart(key)}/`,
  /** Under which case the signals of a trace were kept. */
  caseOf: (trace: string) => `c/${keyPart(trace)}`,
  incident: (id: string) => `i/${id}`,
  /** What a person said of an incident. */
  decision: (incident: string) => `h/${keyPart(incident)}`,
  /** The incident of a decision by its place in the log, the newest first. */
  decidedAt: (entry: number) => `hn/${newestFirst(entry.toString())}`,
  decidedAll: () => 'hn/',
  /** Log position of the newest learned detector, and of the one that cases are judged with. */
  detector: () => 'o/newest',
  detectorInForce: () => 'o/in-force',
  /** Digest of the rules by which cases were judged. */
  rules: () => 'r/',
  /** Log position of the newest step by which a learned rule came or went. */
  learned: () => 'o/learned',
  /** How long it took to name an incident. */
  stageTimes: (id: string) => `m/${id}`,
  alias: (id: string) => `b/${id}`,
  /** An id that it may have gone by, which counts where no incident goes by it. */
  earlier: (id: string) => `be/${id}`,
  group: (group: string) => `g/${group}`,
  /** Members of a group of repeats by the time of the first signal, and by that of the last. */
  first: (group: string, claimedAt: string, id: string) => `p/${group}/${claimedAt.padStart(20, '0')}/${id}`,
  firsts: (group: string) => `p/${group}/`,
  last: (group: string, claimedAt: string, id: string) => `q/${group}/${newestFirst(claimedAt)}/${id}`,
  lasts: (group: string) => `q/${group}/`,
  /** The same by the log position of the last act. */
  lastLogged: (group: string, entry: number, id: string) => `ql/${group}/${newestFirst(entry.toString())}/${id}`,
  lastsLogged: (group: string) => `ql/${group}/`,
  listed: (agent: string, claimedAt: string, group: string) => `l/${keyPart(agent)}/${newestFirst(claimedAt)}/${group}`,
  listedOf: (agent: string) => `l/${keyPart(agent)}/`,
  /** The list of all: by triage tier, kind and time. */
  listedKind: ({ tier, kind, claimedAt, group }: ListedKind) => `n/${tier}/${kind}/${newestFirst(claimedAt)}/${group}`,
  kindOf: (tier: string, kind: string) => `n/${tier}/${kind}/`,
  kindEnd: (tier: string, kind: string) => `n/${tier}/${kind}0`,
  kindsAll: () => 'n/',
} as const

type ListedKind = {
  readonly tier: string
  readonly kind: string
  readonly claimedAt: string
  readonly group: string
}

/** The part of a key at a place, decoded; the first is 0. */
export function partAt(key: string, place: number): string {
  return decodeURIComponent(key.split('/')[place] ?? '')
}

const MAX_UINT64 = (1n << 64n) - 1n

function newestFirst(claimedAt: string): string {
  return (MAX_UINT64 - BigInt(claimedAt)).toString().padStart(20, '0')
}
