import type { EvidenceLineWire, IncidentColumnWire, IncidentWire } from '@holdfast/api'
import { INCIDENT_TYPES } from '@holdfast/model'
import { z } from 'zod'
import { resolveAgent, resolveIncident } from '../../../server/resolve-id.ts'
import { captured, capturedSchema, idGiven, idShown, includeContent, whereAsked } from '../captured.ts'
import { ROWS } from '../limits.ts'
import { tool } from '../tool.ts'

const type = z.enum(INCIDENT_TYPES)
const positions = z.array(z.int()).describe('log positions that prove it')

const row = z.object({
  id: z.string(),
  outcome: z.enum(['incident', 'attempt']),
  type,
  confidence: z.number(),
  standing: z.string(),
  triage: z.string(),
  tier: z.string().describe('the strongest of what it rests on: kernel, boundary, self-reported ...'),
  agents: z.array(z.string()),
  conversations: z.array(z.string()),
  repeats: z.int(),
  said: z.string().optional().describe('what a person decided'),
  closed: z.string().optional(),
  headline: capturedSchema.optional(),
})

/** Incidents, the newest first. */
export const listIncidents = tool({
  name: 'list_incidents',
  title: 'List incidents',
  description: 'Incidents and resisted attempts that Holdfast found, the latest first. Repeats of one are one row.',
  isReadOnly: true,
  input: z.object({
    agent: z.string().max(600).optional().describe('id, name or the beginning of either'),
    type: type.optional(),
    attempts: z.boolean().default(false).describe('also what was tried without effect'),
    limit: z.int().min(1).max(ROWS).default(20),
    ...includeContent,
  }),
  output: z.object({ incidents: z.array(row), total: z.int().describe('of the question, beyond the limit too') }),
  async run(api, { agent, type: wanted, attempts, limit, include_content: isAsked }) {
    const of = agent === undefined ? undefined : (await resolveAgent(api, idGiven(agent))).id
    const { items, total } = await api.call('listIncidents', {
      query: {
        limit,
        outcome: attempts ? 'all' : 'incident',
        ...(of === undefined ? {} : { agent: of }),
        ...(wanted === undefined ? {} : { type: wanted }),
      },
    })
    return {
      incidents: items.map(({ id, outcome, confidence, standing, triage, tier, repeats, said, closed, ...rest }) => ({
        id,
        outcome,
        type: rest.type,
        confidence,
        standing,
        triage,
        tier,
        agents: rest.agents.map(idShown),
        conversations: rest.conversations.map(idShown),
        repeats,
        said,
        closed,
        headline: whereAsked(isAsked, rest.headline),
      })),
      total,
    }
  },
})

const line = z.object({
  signal: z.string().optional().describe('which detector or rule'),
  tier: z.string(),
  basis: z.enum(['proven', 'inferred']),
  events: z.array(z.string()),
  entries: positions,
  words: capturedSchema.optional(),
  quote: capturedSchema.optional(),
})

const column = z.object({
  type,
  role: z.enum(['primary', 'contributing', 'not-supported']),
  confidence: z.number(),
  for: z.array(line),
  against: z.array(line),
  missing: z.array(z.object({ words: capturedSchema, remedy: z.string() })),
})

/** One incident: its type with the evidence for, against and missing, and its chain. */
export const getIncident = tool({
  name: 'get_incident',
  title: 'Get one incident',
  description:
    'One incident: which of three kinds it is, the evidence for and against each and what is missing, its chain, and the advised first action.',
  isReadOnly: true,
  input: z.object({ incident: z.string().max(200).describe('id or the beginning of one'), ...includeContent }),
  output: z.object({
    ...row.omit({ said: true, closed: true }).shape,
    phase: z.string(),
    rung: z.string().nullable().describe('what the ladder advises'),
    first_action: z.string(),
    columns: z.array(column),
    chain: z.array(
      z.object({
        stage: z.string(),
        state: z.enum(['seen', 'inferred', 'not-seen']),
        surface: z.string(),
        events: z.array(z.string()),
        entries: positions,
        words: capturedSchema.optional(),
      }),
    ),
    decision: z.string().optional(),
  }),
  async run(api, { incident: asked, include_content: isAsked }) {
    const incident = await api.call('getIncident', { params: { incident: await resolveIncident(api, asked) } })
    const { id, outcome, confidence, standing, triage, tier, repeats, phase, rung } = incident
    return {
      id,
      outcome,
      type: incident.type,
      confidence,
      standing,
      triage,
      tier,
      agents: incident.agents.map(idShown),
      conversations: incident.conversations.map(idShown),
      repeats,
      headline: whereAsked(isAsked, incident.headline),
      phase,
      rung: rung.rung,
      first_action: incident.triageAdvice.firstAction,
      columns: incident.columns.map((one) => columnShown(one, isAsked)),
      chain: chainShown(incident, isAsked),
      decision: incident.decision?.decision,
    }
  },
})

function columnShown(
  { type: of, role, confidence, ...lines }: IncidentColumnWire,
  isAsked: boolean,
): z.input<typeof column> {
  return {
    type: of,
    role,
    confidence,
    for: lines.for.slice(0, ROWS).map((one) => lineShown(one, isAsked)),
    against: lines.against.slice(0, ROWS).map((one) => lineShown(one, isAsked)),
    missing: lines.missing.map(({ words, remedy }) => ({ words: captured(words), remedy })),
  }
}

function lineShown(
  { signal, tier, basis, events, entries, words, quote }: EvidenceLineWire,
  isAsked: boolean,
): z.input<typeof line> {
  return {
    signal,
    tier,
    basis,
    events: events.slice(0, ROWS).map(idShown),
    entries: entries.slice(0, ROWS),
    words: whereAsked(isAsked, words),
    quote: whereAsked(isAsked, quote?.text),
  }
}

function chainShown({ chain }: IncidentWire, isAsked: boolean) {
  return chain.links.slice(0, ROWS).map(({ stage, state, surface, events, entries, words }) => ({
    stage,
    state,
    surface,
    events: events.slice(0, ROWS).map(idShown),
    entries: entries.slice(0, ROWS),
    words: whereAsked(isAsked, words),
  }))
}
