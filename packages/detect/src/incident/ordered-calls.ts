import type { Event, EventId } from '@holdfast/model'
import { argumentsOf } from '../provenance/arguments.ts'
import type { CallStep, Execution } from '../provenance/steps.ts'
import { MAX_OWNERS_CHARS } from './limits.ts'

/** Values shorter than this stand in any sentence. */
const LEAST_VALUE = 3

/** `value`: of a call that the owner did not order whole, whether this value of it was named by the owner. */
export type IsOrdered = (event: Event, value?: string) => boolean

/**
 * Tells whether an event is a call that the owner ordered by name, or what the programs of such a call did: the owner's own
 * turns before it name the tool and every value, or hold each value as a word of its own. That such an act is new says nothing,
 * for somebody wanted it. Joined by span and by the call's own words, never by time.
 */
export function orderedByOwner(events: readonly Event[], { steps }: Execution): IsOrdered {
  const byId = new Map(events.map((event) => [event.id, event]))
  const calls = new Set<EventId>()
  const spans = new Set<string>()
  const saidBefore = new Map<EventId, number>()
  let said = ''
  for (const step of steps) {
    if (step.kind === 'source' && step.channel === 'user' && said.length < MAX_OWNERS_CHARS)
      said = `${said}\n${step.text.toLowerCase()}`.slice(0, MAX_OWNERS_CHARS)
    if (step.kind === 'call') saidBefore.set(step.event, said.length)
    if (step.kind !== 'call' || !isOrdered(step, said)) continue
    calls.add(step.event)
    const event = byId.get(step.event)
    if (event !== undefined) for (const span of spanOf(event)) spans.add(span)
  }
  const isNamed = ({ id }: Event, value: string): boolean =>
    value.length >= LEAST_VALUE && standsIn(said.slice(0, saidBefore.get(id) ?? 0), value.toLowerCase())
  return (event, value) =>
    calls.has(event.id) ||
    (value !== undefined && isNamed(event, value)) ||
    (event.source.tier === 'kernel' && spanOf(event).some((span) => spans.has(span)))
}

function spanOf({ context: { trace, span } }: Event): readonly string[] {
  return trace === undefined || span === undefined ? [] : [`${trace} ${span}`]
}

function isOrdered({ tool, arguments: given }: CallStep, said: string): boolean {
  if (said === '') return false
  const values = argumentsOf(given)
    .map(({ text }) => text.toLowerCase())
    .filter((value) => value.length >= LEAST_VALUE)
  if (values.length === 0 || !values.every((value) => standsIn(said, value))) return false
  return values.length > 1 || standsIn(said, tool.toLowerCase())
}

/** As a word of its own: `acme` does not stand in `acme-exports`. */
function standsIn(text: string, word: string): boolean {
  for (let at = text.indexOf(word); at !== -1; at = text.indexOf(word, at + 1))
    if (!INNER.test(text[at - 1] ?? '') && !INNER.test(text[at + word.length] ?? '')) return true
  return false
}

const INNER = /[\p{L}\p{N}_-]/u
