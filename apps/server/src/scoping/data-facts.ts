import type { EventSummary, GraphNode } from '@holdfast/model'
import type { DataFacts, NodeData } from '@holdfast/respond'
import { recordsIn } from './counted-records.ts'
import { parseJson } from './json-text.ts'
import { RESULTS_COUNTED } from './limits.ts'
import type { Material } from './material.ts'
import { textOf } from './texts.ts'

/** Names of tools that pass on what was read elsewhere. */
const PASSES_ON =
  /(?:^|[._\-/ ])(?:send|mail|post|publish|upload|write|put|export|share|forward|insert|create|notify)(?:$|[._\-/ A-Z])/i
/** Arguments that say where the records lie. */
const PLACES: readonly string[] = ['table', 'set', 'collection', 'dataset', 'index', 'bucket', 'database', 'list']

/** How many records stood in a node and of which class, as far as answers show and operators stated it. */
export function dataFacts(
  { events, byId, texts, incident }: Material,
  classesOf: (agent: string) => readonly string[],
): DataFacts {
  const sends = new Set<string>(
    incident.signals.flatMap(({ deed, sends: isSent }) => (deed !== undefined && isSent === true ? [deed] : [])),
  )
  const results = new Map(
    events.flatMap(({ id, body }) =>
      body.kind === 'tool-result' && body.callId !== undefined ? [[body.callId, id] as const] : [],
    ),
  )
  const classes = new Map<string, readonly string[]>()
  let read = 0
  const searched = new Set(
    events.flatMap((event) =>
      event.body.kind === 'context-item' && event.body.dataSource !== 'prompt-template'
        ? [...spanOf(event), `${event.context.trace} ${event.context.parentSpan}`]
        : [],
    ),
  )
  // The agent's own template is no data that it read, and what it wrote down it had.
  const isOwn = (node: GraphNode): boolean =>
    node.events.some((id) => {
      const body = byId.get(id)?.body
      if (body?.kind === 'memory') return body.operation !== 'read'
      return body?.kind === 'context-item' && body.dataSource === 'prompt-template'
    })
  const of = (node: GraphNode): NodeData | undefined => {
    if (!DATA.has(node.kind)) return undefined
    const known = classes.get(node.agent) ?? classesOf(node.agent)
    classes.set(node.agent, known)
    if (node.kind === 'document' || node.kind === 'memory')
      return isOwn(node) ? { classes: [], isCopy: true } : { records: 1, classes: known, source: node.label }
    if (node.kind !== 'tool') return known.length === 0 ? undefined : { classes: known }
    // What a search brought is counted document by document.
    const isSearch = node.events.some((id) => spanOf(byId.get(id)).some((span) => searched.has(span)))
    const isCopy = isSearch || PASSES_ON.test(node.label) || node.events.some((id) => sends.has(id))
    const calls = node.events.flatMap((id) => byId.get(id) ?? [])
    const ids = [
      ...node.events,
      ...calls.flatMap(({ body }) =>
        body.kind === 'tool-call' && body.callId !== undefined ? (results.get(body.callId) ?? []) : [],
      ),
    ]
    let records: number | undefined
    let place: string | undefined
    for (const event of new Set(ids)) {
      const summary = byId.get(event)
      if (summary === undefined || read >= RESULTS_COUNTED) continue
      read++
      const full = texts.event(summary)
      if (full?.body.kind === 'tool-result') records ??= recordsIn(textOf(full.body.result) ?? '')
      if (full?.body.kind === 'tool-call') place ??= placeIn(textOf(full.body.arguments) ?? '')
    }
    return {
      ...(records === undefined ? {} : { records }),
      classes: known,
      source: place === undefined ? node.label : `${node.label} ${place}`,
      ...(isCopy ? { isCopy: true as const } : {}),
    }
  }
  return { of }
}

function spanOf(event: EventSummary | undefined): readonly string[] {
  const { trace, span } = event?.context ?? {}
  return trace === undefined || span === undefined ? [] : [`${trace} ${span}`]
}

const DATA: ReadonlySet<GraphNode['kind']> = new Set(['document', 'memory', 'tool', 'egress', 'api-call', 'file'])

function placeIn(text: string): string | undefined {
  const value = parseJson(text)
  if (typeof value !== 'object' || value === null) return undefined
  for (const name of PLACES) {
    const member: unknown = Object.getOwnPropertyDescriptor(value, name)?.value
    if (typeof member === 'string' && member !== '' && member.length <= 100) return member
  }
  return undefined
}
