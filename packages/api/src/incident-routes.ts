import { INCIDENT_TYPES, PHASES, TRIAGE_TIERS, TRUST_TIERS } from '@holdfast/model'
import { z } from 'zod'
import { evidenceStatusSchema, exportQuerySchema, nanoSchema } from './schemas.ts'
import { updatedSince } from './updated-since.ts'

const typeSchema = z.enum(INCIDENT_TYPES)
const tierSchema = z.enum(TRUST_TIERS)
const triageSchema = z.enum(TRIAGE_TIERS)
const outcomeSchema = z.enum(['incident', 'attempt'])
const positions = z.array(z.int()).meta({ description: 'log positions' })

const rowSchema = z.object({
  id: z.string(),
  outcome: outcomeSchema,
  type: typeSchema,
  contributing: z.array(typeSchema),
  confidence: z.number(),
  standing: z.enum(['provisional', 'stated', 'revised']),
  triage: triageSchema,
  headline: z.string().meta({ description: 'in one sentence; holds captured text in quotes' }),
  agents: z.array(z.string()),
  conversations: z.array(z.string()),
  tier: tierSchema.meta({ description: 'the strongest of what it rests on' }),
  firstClaimed: z.string(),
  lastClaimed: z.string(),
  lastActEntry: z.int().meta({ description: 'log position of what was logged last of its acts, refused ones too' }),
  lastActClaimed: z
    .string()
    .optional()
    .meta({ description: 'when the latest of its acts claims to have been; absent where persons alone tell of it' }),
  repeats: z.int().meta({ description: 'incidents alike, itself among them: one row stands for them all' }),
})

const quoteSchema = z.object({ text: z.string(), event: z.string(), entry: z.int() })

const lineSchema = z.object({
  words: z.string(),
  signal: z.string().optional(),
  events: z.array(z.string()),
  entries: positions,
  tier: tierSchema,
  basis: z.enum(['proven', 'inferred']),
  quote: quoteSchema.optional(),
})

const missingSchema = z.object({ words: z.string(), reason: z.string(), remedy: z.string() })

const columnSchema = z.object({
  type: typeSchema,
  role: z.enum(['primary', 'contributing', 'not-supported']),
  confidence: z.number(),
  for: z.array(lineSchema),
  against: z.array(lineSchema),
  missing: z.array(missingSchema),
})

const linkSchema = z.object({
  stage: z.enum(['origin', 'quiet', 'entry', 'hand-over', 'deed', 'effect']),
  state: z.enum(['seen', 'inferred', 'not-seen']),
  surface: z.enum(['S1', 'S2', 'S3', 'S4']),
  words: z.string(),
  events: z.array(z.string()),
  entries: positions,
})

const surface = z.enum(['green', 'amber', 'red'])

const earlierIds = z
  .array(z.string())
  .optional()
  .meta({ description: 'ids that it may have gone by before its conversations had the names that they have now' })

/** One incident with everything that its name rests on. */
export const incidentSchema = rowSchema.extend({
  alsoKnownAs: z.array(z.string()),
  earlierIds,
  caps: z.array(z.string()),
  evidence: z.object({
    for: z.array(lineSchema),
    against: z.array(lineSchema),
    missing: z.array(missingSchema),
  }),
  columns: z.array(columnSchema),
  chain: z.object({ template: z.enum(['T1', 'T2', 'T3', 'T4', 'T5', 'T6']).optional(), links: z.array(linkSchema) }),
  surfaces: z.object({ S1: surface, S2: surface, S3: surface, S4: surface }),
  triageAdvice: z.object({
    tier: triageSchema,
    why: z.string(),
    firstAction: z.string(),
    wouldChange: z.array(z.string()),
  }),
  history: z.array(
    z.object({
      position: z.int(),
      outcome: outcomeSchema,
      type: typeSchema,
      confidence: z.number(),
      tier: triageSchema,
      because: z.string(),
    }),
  ),
  graph: z.object({
    nodes: z.array(
      z.object({
        id: z.string(),
        conversation: z.string(),
        kind: z.string(),
        label: z.string(),
        agent: z.string(),
        surface: z.enum(['S1', 'S2', 'S3', 'S4']),
        events: z.array(z.string()),
        isDeed: z.boolean(),
      }),
    ),
    edges: z.array(z.object({ from: z.string(), to: z.string(), kind: z.string(), basis: z.string() })),
    cut: z.int(),
  }),
  rung: z.object({ rung: z.string().nullable(), reason: z.string() }),
  phase: z.enum(PHASES),
  signals: z.int(),
  actors: z
    .array(z.string())
    .meta({ description: 'agents of it whose own acts speak for its type; the others only handed on or received' }),
  actorTiers: z.array(z.object({ agent: z.string(), tier: tierSchema })).meta({
    description: 'agents of which signals speak for its type, with the strongest tier that does so of each',
  }),
  harmfulActs: z.array(nanoSchema).meta({
    description:
      'when the acts were that speak for its type, by the clock of the witness who told of most; of more than 1,000 the first and the latest',
  }),
  harmfulActsAtLeast: z
    .int()
    .optional()
    .meta({ description: 'how many there were at least; absent where `harmfulActs` names each of them' }),
  lastHarmfulAct: nanoSchema
    .optional()
    .meta({ description: 'when the latest of them was, by the clock of whichever witness told of it' }),
  stages: z
    .object({
      captureMs: z.number().optional().meta({ description: 'from the deed, by its own clock, until it was durable' }),
      baselineMs: z.number().optional().meta({ description: 'until it was folded and stood in profiles' }),
      correlationMs: z.number().optional().meta({ description: 'until its case was read and held against everything' }),
      triageMs: z.number().optional().meta({ description: 'until the incident was durable with type and tier' }),
      responseMs: z.number().optional().meta({ description: 'until a hold of its agent was confirmed' }),
    })
    .optional()
    .meta({ description: 'how long it took to name it, as far as that was seen' }),
  end: z
    .object({ resolution: z.enum(['resolved', 'false-positive']), reason: z.string(), by: z.string() })
    .optional()
    .meta({ description: 'how its case was closed' }),
  decision: z
    .object({
      decision: z.enum(['confirmed', 'dismissed']),
      reason: z.string(),
      by: z.string(),
      entry: z.int().meta({ description: 'log position' }),
    })
    .optional()
    .meta({ description: 'what a person said of it' }),
})

export type IncidentWire = z.output<typeof incidentSchema>
/** A row of the list, with what people made of it; of repeats, of the one that stands for them. */
const listedSchema = rowSchema.extend({
  alsoKnownAs: z.array(z.string()).meta({ description: 'ids that it went by before something joined it' }),
  earlierIds,
  said: z.enum(['confirmed', 'dismissed']).optional().meta({ description: 'by a person' }),
  closed: z.enum(['resolved', 'false-positive']).optional().meta({ description: 'how its case ended' }),
  held: z.string().optional().meta({
    description: 'the hardest rung on which an agent of it stands now; absent where nothing holds any of them',
  }),
})

export type IncidentRowWire = z.output<typeof listedSchema>
export type EvidenceLineWire = z.output<typeof lineSchema>
export type IncidentColumnWire = z.output<typeof columnSchema>

const incidentEvidenceSchema = evidenceStatusSchema
  .omit({ conversation: true })
  .extend({ incident: z.string(), conversations: z.array(z.string()) })
  .meta({ id: 'IncidentEvidence' })

const none = z.object({})

/** What is asked about incidents. */
export const incidentRoutes = {
  listIncidents: {
    method: 'GET',
    path: '/api/v1/incidents',
    access: 'viewer',
    summary: 'Incidents, the latest first; repeats of one are one row',
    params: none,
    query: z.object({
      ...updatedSince(
        'those of which an act was recorded since, that were concluded or changed since, or on which somebody decided; steps of their cases and holds are no such update',
      ),
      agent: z.string().max(600).optional(),
      conversation: z.string().max(900).optional(),
      type: typeSchema.optional(),
      outcome: z.enum(['incident', 'attempt', 'all']).optional().meta({ description: 'incidents unless told' }),
      offset: z.coerce.number().int().min(0).optional(),
      limit: z.coerce.number().int().min(1).max(500).optional(),
    }),
    response: z.object({
      items: z.array(listedSchema),
      total: z.int(),
      withheld: z.int().meta({
        description:
          'rows of agents, and of deeds that many agents did alike, that have more than a list of all shows of one',
      }),
      waiting: z.int().meta({ description: 'traces that changed and are not judged yet' }),
      failed: z.int().meta({ description: 'cases that could not be judged: nothing is concluded of them' }),
    }),
  },
  reportIncident: {
    idempotencyKey: true,
    method: 'POST',
    path: '/api/v1/incident-reports',
    access: 'analyst',
    summary:
      'Says that something went wrong in a conversation; recorded first, then judged with all else that is known of it',
    params: none,
    query: none,
    body: z.object({
      agent: z.string().min(1).max(600).optional(),
      conversation: z.string().min(1).max(900).optional(),
      type: typeSchema.optional(),
      reason: z.string().min(1).max(1_000),
      withdraws: z.string().max(100).optional().meta({
        description:
          'id of the report that this one takes back: agent, conversation and type are then those of that report, and otherwise needed',
      }),
    }),
    response: z.object({
      reportId: z.string(),
      status: z.enum(['reported', 'withdrawn']),
      conversation: z.string(),
      incident: z
        .string()
        .meta({ description: 'id under which it will be listed, alone; joined cases go by another of theirs' }),
      entry: z.int(),
    }),
  },
  getIncidentReport: {
    method: 'GET',
    path: '/api/v1/incident-reports/{report}',
    access: 'viewer',
    summary: 'What a report of a person is about',
    params: z.object({ report: z.string() }),
    query: none,
    response: z.object({ agent: z.string(), conversation: z.string(), type: typeSchema }),
  },
  getIncident: {
    method: 'GET',
    path: '/api/v1/incidents/{incident}',
    access: 'viewer',
    summary: 'One incident: its type, and the evidence for, against and missing',
    params: z.object({ incident: z.string() }),
    query: none,
    response: incidentSchema,
  },
  getIncidentEvidence: {
    method: 'GET',
    path: '/api/v1/incidents/{incident}/evidence',
    access: 'viewer',
    summary: 'The six forensic artifacts of all conversations of an incident, as one',
    params: z.object({ incident: z.string() }),
    query: none,
    response: incidentEvidenceSchema,
  },
  exportIncident: {
    method: 'POST',
    path: '/api/v1/incidents/{incident}/export',
    access: 'analyst',
    summary: 'An evidence bundle of an incident; with fields hidden, the log states the rest first',
    params: z.object({ incident: z.string() }),
    query: exportQuerySchema,
    response: 'application/zip',
  },
} as const
