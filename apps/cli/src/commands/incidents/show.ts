import type { EvidenceLineWire, IncidentColumnWire, IncidentWire } from '@holdfast/api'
import { shellWord } from '@holdfast/model'
import { ours } from '../../called-as.ts'
import type { CliContext } from '../../context.ts'
import type { Paint } from '../../render/colour.ts'
import { inert } from '../../render/inert.ts'
import { formatOf, paintOf, printDocument } from '../../render/output.ts'
import { openApi } from '../../server/api.ts'
import { resolveIncident } from '../../server/resolve-id.ts'
import type { IncidentsShowFlags } from './command.ts'

/** Prints one incident as a page, or its data form. */
export async function incidentsShow(this: CliContext, flags: IncidentsShowFlags, id: string): Promise<void> {
  const format = formatOf(flags, 'table')
  const api = openApi(this, flags)
  const incident = await api.call('getIncident', { params: { incident: await resolveIncident(api, id) } })
  if (format === 'table') this.stdout.write(pageText(incident, paintOf(this), this.program))
  else printDocument(this, format, incident)
}

function pageText(incident: IncidentWire, paint: Paint, program: string | undefined): string {
  const { id, type, outcome, confidence, standing, triageAdvice, chain, rung, repeats } = incident
  const contributing = incident.contributing.length === 0 ? '' : `, contributing ${incident.contributing.join(', ')}`
  return lines([
    `${paint.bold(id)}  ${paint.bad(outcome === 'attempt' ? `attempt: ${type}` : type)}${contributing}`,
    `confidence ${confidence.toFixed(2)}, ${standing}; phase ${incident.phase}; ${countsText({ acts: incident.harmfulActsAtLeast ?? incident.harmfulActs.length, isLeast: incident.harmfulActsAtLeast !== undefined, alike: repeats })}`,
    ...(incident.alsoKnownAs.length === 0
      ? []
      : [`went by ${incident.alsoKnownAs.map(inert).join(', ')} until more was recorded of it`]),
    ...(incident.end === undefined
      ? []
      : [`closed as ${incident.end.resolution} by ${inert(incident.end.by)}: ${inert(incident.end.reason)}`]),
    ...incident.caps.map((cap) => paint.warn(cap)),
    ...(incident.decision === undefined
      ? []
      : [
          `${incident.decision.decision} by ${inert(incident.decision.by)}: ${inert(incident.decision.reason)}  #${incident.decision.entry}`,
        ]),
    '',
    inert(incident.headline),
    '',
    `triage  ${paint.warn(triageAdvice.tier)}: ${triageAdvice.why}`,
    `first   ${triageAdvice.firstAction}`,
    ...triageAdvice.wouldChange.map((what) => `would change it: ${what}`),
    `rung    ${rung.rung ?? 'none'}: ${inert(rung.reason)}`,
    `agents  ${incident.agents.map(inert).join(', ')}`,
    `in      ${incident.conversations.map(inert).join(', ')}`,
    ...incident.columns.flatMap((column) => columnLines(column, paint)),
    '',
    paint.bold(`CHAIN${chain.template === undefined ? '' : ` ${chain.template}`}`),
    ...chain.links.map(
      ({ stage, state, surface, words, entries }) =>
        `  ${surface} ${stage}${state === 'seen' ? '' : ` (${state})`}: ${inert(words)}${positions(entries)}`,
    ),
    '',
    paint.bold('HISTORY'),
    ...incident.history.map(
      (step) =>
        `  at #${step.position}: ${step.outcome}, ${step.type}, ${step.confidence.toFixed(2)}, ${step.tier}; ${inert(step.because)}`,
    ),
    '',
    ours`next: holdfast evidence status ${id}, holdfast graph ${shellWord(inert(decisiveConversation(incident)))}`.as(
      program,
    ),
  ])
}

type Counts = { readonly acts: number; readonly isLeast?: boolean; readonly alike: number }

/** Acts of this incident, and incidents of which it is one: two figures that are easily taken for each other. */
export function countsText({ acts, isLeast = false, alike }: Counts): string {
  const others = alike === 1 ? 'no other is like it' : `one of ${alike} alike`
  return acts === 0 ? others : `${isLeast ? 'at least ' : ''}${acts} harmful ${acts === 1 ? 'act' : 'acts'}; ${others}`
}

/** Where the strongest deed of its type was done, and not the first conversation by name. */
function decisiveConversation({ columns, graph, conversations }: IncidentWire): string {
  const [strongest] = columns.find(({ role }) => role === 'primary')?.for ?? []
  const events = new Set(strongest?.events)
  const deed = graph.nodes.find((node) => node.isDeed && node.events.some((event) => events.has(event)))
  return deed?.conversation ?? conversations[0] ?? ''
}

function columnLines(column: IncidentColumnWire, paint: Paint): readonly string[] {
  const line = (sign: string) => (evidence: EvidenceLineWire) => [
    `  ${sign} ${inert(evidence.words)} [${evidence.tier}, ${evidence.basis}]${positions(evidence.entries)}`,
    ...(evidence.quote === undefined
      ? []
      : [`      ${paint.mark(`"${inert(evidence.quote.text)}"`)}  #${evidence.quote.entry}`]),
  ]
  return [
    '',
    paint.bold(`${column.type.toUpperCase()}  ${column.confidence.toFixed(2)}  ${column.role}`),
    ...column.for.flatMap(line('+')),
    ...column.against.flatMap(line('-')),
    ...column.missing.map(
      ({ words, reason, remedy }) => `  ? ${inert(words)}: ${inert(reason)}. To mend it: ${inert(remedy)}`,
    ),
    ...(column.for.length + column.against.length + column.missing.length === 0 ? ['  nothing for or against'] : []),
  ]
}

function positions(entries: readonly number[]): string {
  if (entries.length === 0) return ''
  const more = entries.length > MAX_SHOWN ? ` and ${entries.length - MAX_SHOWN} more` : ''
  return `  ${entries
    .slice(0, MAX_SHOWN)
    .map((entry) => `#${entry}`)
    .join(' ')}${more}`
}

/** Positions of one line; the data form has all. */
const MAX_SHOWN = 16

function lines(texts: readonly string[]): string {
  return `${texts.join('\n')}\n`
}
