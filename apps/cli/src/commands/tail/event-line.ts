import type { ApiEvent } from '@holdfast/api'
import { formatRfc3339, parseUnixNanoText } from '@holdfast/model'
import type { Paint } from '../../render/colour.ts'
import { inert } from '../../render/inert.ts'
import { clip, pad } from '../../render/width.ts'

export type LineOptions = {
  readonly paint: Paint
  readonly isWide: boolean
  readonly highlight: readonly string[]
}

/** What a filter looks at: all that a line shows, in its wide form. */
export function searchTextOf(event: ApiEvent): string {
  const { agent, source } = event
  return [event.kind, event.label, agent.name, agent.member ?? '', agent.id, event.conversation, source.dialect]
    .join('\u0000')
    .toLowerCase()
}

/** One event as one inert line: time, agent, kind, label, and in its wide form where it stands. */
export function eventLine(event: ApiEvent, options: LineOptions): string {
  const { paint } = options
  const time = parseUnixNanoText(event.recordedAt)
  const who = event.agent.member === undefined ? event.agent.name : `${event.agent.name}/${event.agent.member}`
  const name = paint.agent(event.agent.id, pad(clip(inert(who), 24), 24))
  const parts = [
    paint.dim(time === undefined ? event.recordedAt : timeText(formatRfc3339(time))),
    name,
    pad(inert(event.kind), 15),
    highlighted(inert(event.label), options),
  ]
  if (event.source.clock !== 'live') parts.push(paint.warn(`[${event.source.clock} clock]`))
  if (options.isWide) {
    parts.push(
      paint.dim(`#${event.entry} ${inert(event.conversation)} ${event.source.tier} ${inert(event.source.dialect)}`),
    )
  }
  return `${parts.join('  ')}\n`
}

/** Milliseconds are enough for the eye; the data form has the nanoseconds. */
function timeText(rfc3339: string): string {
  const [seconds, fraction = ''] = rfc3339.replace('Z', '').split('.')
  return `${seconds}.${fraction.padEnd(3, '0').slice(0, 3)}Z`
}

function highlighted(text: string, options: LineOptions): string {
  const words = options.highlight.filter((word) => word !== '')
  if (words.length === 0) return text
  const pattern = new RegExp(words.map((word) => RegExp.escape(inert(word))).join('|'), 'giu')
  return text.replaceAll(pattern, (found) => options.paint.mark(found))
}
