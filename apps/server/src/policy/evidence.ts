import type { Answer, ExplainedLineWire, VerifiedWire } from '@holdfast/api'
import { artifactId } from '@holdfast/enforce'
import { summarise } from '@holdfast/graph'
import { formatRfc3339, type ArtifactLine, type Event, type PolicyArtifact } from '@holdfast/model'
import { eventLabel } from '../views/api-event.ts'
import { QuestionError } from '../views/view-sources.ts'
import type { Grounds } from './grounds.ts'
import { EVENTS_SHOWN } from './limits.ts'
import { conversationOf, permalinkOf } from './permalink.ts'

/** Lines with the events that they rest on. Throws `QuestionError` for a line that is none. */
export function explained(
  artifact: PolicyArtifact,
  { pointer, line }: { readonly pointer?: string; readonly line?: number },
  grounds: Grounds,
): Answer<'explainPolicy'> {
  const all = artifact.lines.map((one, index) => ({ one, index }))
  const found = all.filter(
    ({ one, index }) => (pointer === undefined || one.pointer === pointer) && (line === undefined || index === line),
  )
  if (found.length === 0) throw new QuestionError(404, `the policy has no such line; it has ${all.length}`)
  const lines = found.map(({ one, index }): ExplainedLineWire => {
    const evidence = one.grounds.map((ground) => ({ ground, state: grounds.stateOf(ground) }))
    return {
      ...lineWire(one),
      index,
      state: stateOf(
        one,
        evidence.map(({ state }) => state),
      ),
      evidence: evidence.map(({ ground, state }) => ({
        ...groundWire(ground),
        lost: [...state.lost],
        events: state.events.slice(0, EVENTS_SHOWN).map(eventWire),
      })),
    }
  })
  return { artifact: artifact.id, kind: artifact.kind, agent: artifact.agent, lines }
}

/** Exactly the lines that lost all they rest on, and beside them those that lost a part. */
export function verified(artifact: PolicyArtifact, grounds: Grounds): VerifiedWire {
  const rows = artifact.lines.flatMap((line) => {
    if (line.grounds.length === 0) return []
    const states = line.grounds.map((ground) => grounds.stateOf(ground))
    const entries = states.flatMap(({ lost }) => lost).toSorted((a, b) => a - b)
    const of = line.grounds.reduce((sum, one) => sum + one.entries.length, 0)
    const reason = `${entries.length} of ${of} log positions prove it no more`
    return [{ state: stateOf(line, states), row: { pointer: line.pointer, what: line.what, reason, entries } }]
  })
  const inState = (wanted: ExplainedLineWire['state']) =>
    rows.filter(({ state }) => state === wanted).map(({ row }) => row)
  return {
    artifact: artifact.id,
    kind: artifact.kind,
    agent: artifact.agent,
    lines: artifact.lines.length,
    checked: grounds.checked,
    isWhole: artifactId(artifact) === artifact.id,
    lost: inState('lost'),
    weakened: inState('weakened'),
  }
}

function stateOf(
  { grounds }: ArtifactLine,
  states: readonly ReturnType<Grounds['stateOf']>[],
): ExplainedLineWire['state'] {
  if (grounds.length === 0) return 'needs-none'
  if (states.every(({ stands }) => !stands)) return 'lost'
  return states.some(({ lost }) => lost.length > 0) ? 'weakened' : 'held'
}

/** A copy, because what travels is not readonly. */
function lineWire(line: ArtifactLine): Omit<ExplainedLineWire, 'index' | 'state' | 'evidence'> {
  const { declaredBy, ...rest } = line
  return { ...rest, grounds: line.grounds.map(groundWire), ...(declaredBy === undefined ? {} : { declaredBy }) }
}

function groundWire({ entries, ...ground }: ArtifactLine['grounds'][number]) {
  return { ...ground, entries: [...entries] }
}

function eventWire(event: Event): ExplainedLineWire['evidence'][number]['events'][number] {
  const conversation = conversationOf(event)
  return {
    event: event.id,
    entry: event.entry,
    at: formatRfc3339(event.claimedAt),
    what: eventLabel(summarise(event).body),
    conversation,
    permalink: permalinkOf(conversation, event.id),
  }
}
