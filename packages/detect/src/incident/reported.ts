import type { AgentId, ConversationId, EventId, IncidentType, Signal, UnixNano } from '@holdfast/model'
import { risingItem, type RetrievedItem } from '../signals/retrieval-share.ts'
import { quoted } from '../signals/findings.ts'

/** What a person said of a conversation, as the log holds it. */
export type PersonsReport = {
  readonly agent: AgentId
  readonly type: IncidentType
  readonly reason: string
  readonly by: string
  readonly event: EventId
  readonly entry: number
  readonly at: UnixNano
}

/** What a person's word opens: an incident that is looked into, and pages nobody by itself. */
const PERSONS_WORD = 0.6
const RISING_SHARE = 0.4

type About = {
  readonly conversation: ConversationId
  /** What the agent retrieved up to the report. */
  readonly retrieved: readonly RetrievedItem[]
  /** Events and entries that wrote an item, by its id. */
  readonly writesOf: (origin: string) => readonly { readonly event: EventId; readonly entry: number }[]
}

/**
 * Signals of a person's report: the word itself, and for a reasoning compromise the item whose share among what the agent
 * retrieves rose, with its version. What a corpus was made to say shows in no single act, so a person has to open it.
 */
export function reportedSignals(
  reports: readonly PersonsReport[],
  { conversation, retrieved, writesOf }: About,
): readonly Signal[] {
  return reports.flatMap((report): readonly Signal[] => {
    const { agent, type, reason, by, event, entry, at } = report
    const word: Signal = {
      id: `report/person.${event}`,
      detector: 'report/person',
      source: 'rule',
      speaksFor: type,
      strength: PERSONS_WORD,
      surface: SURFACES[type],
      agent,
      conversation,
      events: [event],
      entries: [entry],
      claimedAt: at,
      tier: 'boundary',
      words: `${quoted(by)} reported: ${quoted(reason)}`,
      repeatKey: `report/person\n${conversation}`,
    }
    const rising = type === 'reasoning-compromise' ? risingItem(retrieved) : undefined
    if (rising?.since === undefined) return [word]
    const { item, from, to, days, since } = rising
    const writes = writesOf(item.origin)
    return [
      word,
      {
        ...word,
        id: `retrieval/rising-share.${since.event}`,
        detector: 'retrieval/rising-share',
        strength: RISING_SHARE,
        events: [...writes.map((write) => write.event), since.event as EventId], // the fold's own note of an event
        entries: [...new Set([...writes.map((write) => write.entry), since.entry])].toSorted((a, b) => a - b),
        claimedAt: since.claimedAt as UnixNano, // the claimed time of an event
        words: `the share of ${quoted(`${item.origin}@${since.version}`)} among what it retrieved rose from ${percent(from)} to ${percent(to)} in ${days} days, since that version came`,
        repeatKey: `retrieval/rising-share\n${item.origin}`,
      },
    ]
  })
}

const SURFACES: Readonly<Record<IncidentType, Signal['surface']>> = {
  'runtime-execution-escape': 'S2',
  'privilege-boundary-escape': 'S3',
  'reasoning-compromise': 'S1',
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`
}
