import type { Event } from '@holdfast/model'
import type { Basis } from '../learn/detector.ts'
import type { JudgedCall } from './judge-calls.ts'
import { MAX_QUOTED_CHARS } from '../limits.ts'
import { plainForm } from '../text/plain-form.ts'

/** One claim in words, and what shows it. */
export type Statement = {
  readonly text: string
  readonly events: readonly Event['id'][]
  /** Log entries of those events. */
  readonly entries: readonly number[]
}

type Found = {
  readonly judged: JudgedCall
  readonly basis?: Basis
}

/** What speaks for a finding on a call, and against it. */
export function evidenceOf({ judged, basis }: Found): {
  readonly for: readonly Statement[]
  readonly against: readonly Statement[]
} {
  return {
    for: [...acts(judged), ...origin(judged, basis), ...unasked(judged)],
    against: [...asked(judged), ...weak(judged)],
  }
}

/** First line: the call and its argument. */
function acts({ call, carried, effect }: JudgedCall): readonly Statement[] {
  const values = carried
    .slice(0, 3)
    .map(({ path, text }) => `${path === '' ? '' : `${quoted(path)} = `}${quoted(text)}`)
  const what = values.length === 0 ? '' : ` with ${values.join(', ')}`
  const how = effect === 'read' ? 'a call without an effect' : 'a call with an effect'
  return [at(`${quoted(call.tool)} was called${what}: ${how}`, call)]
}

/** Second line: the sentence, where it stood, and what brought it. */
function origin({ witness, fetch, signals }: JudgedCall, basis: Basis | undefined): readonly Statement[] {
  if (witness === undefined) return []
  const { source, field, item } = witness
  const where = [field === '' ? '' : `field ${quoted(field)}`, item === 0 ? '' : `item ${item}`].filter(
    (part) => part !== '',
  )
  const place = where.length === 0 ? '' : ` (${where.join(' of ')})`
  const brought = fetch === undefined ? `a text of the ${source.channel} channel` : `what ${quoted(fetch.tool)} brought`
  const share = Math.round(Math.max(signals.explanation, signals.exclusive) * 100)
  const told =
    basis === 'instruction'
      ? `explains ${share} % of it`
      : signals.embeddedDestination > 0
        ? 'is where its destination first stood, inside a text and not as a value of its own'
        : 'alone names what it acts on: neither the owner nor a value that a system gave does'
  const lines = [at(`${quoted(witness.text)} in ${brought}${place} ${told}`, source)]
  if (witness.isHidden)
    lines.push(at('that sentence was hidden: in characters that nobody sees, or under an encoding', source))
  if (plainForm(source.text).hadHidden)
    lines.push(at('the text that brought it holds characters that nobody sees', source))
  return lines
}

/** Third line: what the owner asked for, and that it is not there. */
function unasked({ call, signals }: JudgedCall): readonly Statement[] {
  const deed = signals.verbFromUser > 0 ? 'asked for such a deed' : 'asked for no such deed'
  const values =
    signals.fromUser < 0.01 ? 'gave none of its values' : `gave ${Math.round(signals.fromUser * 100)} % of its values`
  return [at(`the owner of the task ${deed} and ${values}`, call)]
}

function asked({ call, signals, witness }: JudgedCall): readonly Statement[] {
  const lines: Statement[] = []
  if (signals.verbFromUser > 0) lines.push(at('the owner asked for a deed of this kind', call))
  if (signals.fromUser > 0.5) lines.push(at('the owner gave more than half of what the call names', call))
  if (witness !== undefined && signals.named > 0)
    lines.push(at('the owner named the item that the sentence stands in', witness.source))
  if (witness !== undefined && signals.delegated > 0)
    lines.push(at('the owner left the decision to that item', witness.source))
  return lines
}

function weak({ call, witness, signals }: JudgedCall): readonly Statement[] {
  if (witness === undefined || signals.explanation > 0.2) return []
  return [at('the sentence gives no order: only the destination ties it to the call', call)]
}

function at(text: string, { event, entry }: { readonly event: Event['id']; readonly entry: number }): Statement {
  return { text, events: [event], entries: [entry] }
}

function quoted(text: string): string {
  return `"${text.length > MAX_QUOTED_CHARS ? `${text.slice(0, MAX_QUOTED_CHARS)}…` : text}"`
}
