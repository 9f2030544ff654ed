import { DRIFT_STANDINGS, DRIFT_SUBJECTS, DRIFT_VERDICTS, PROFILE_DIMENSIONS, TRUST_TIERS } from '@holdfast/model'
import { z } from 'zod'

const none = z.object({})
const agentParams = z.object({ agent: z.string() })
const timeSchema = z.string().meta({ description: 'RFC 3339, as claimed' })

const signalSchema = z.object({
  holds: z.boolean(),
  reason: z.string(),
  entries: z.array(z.int()).meta({ description: 'log positions that show it' }),
})

const changeRefSchema = z
  .object({
    change: z.string(),
    subject: z.string(),
    entry: z.int(),
    event: z.string(),
    at: timeSchema,
    changeId: z.string().optional(),
    approver: z.string().optional(),
  })
  .meta({ id: 'DriftChangeRef' })

const changeSchema = z
  .object({
    id: z.string(),
    agent: z.string(),
    subject: z.enum(DRIFT_SUBJECTS),
    kind: z.enum(['new', 'returned', 'volume', 'share', 'definition', 'sequence']),
    dimension: z.enum(PROFILE_DIMENSIONS).optional(),
    key: z.string().optional(),
    at: timeSchema,
    last: timeSchema,
    times: z.int().meta({ description: 'executions that show it' }),
    what: z.string(),
    signals: z.object({ deployment: signalSchema, continuity: signalSchema, bounds: signalSchema }),
    verdict: z.enum(DRIFT_VERDICTS),
    side: z.enum(['evolution', 'risky']),
    severity: z.enum(['none', 'low', 'medium', 'high']),
    standing: z.enum(DRIFT_STANDINGS),
    handling: z.string(),
    until: timeSchema.optional(),
    change: changeRefSchema.optional().meta({ description: 'the recorded change that explains it' }),
    decision: z
      .object({
        verdict: z.enum(['evolution', 'risky']),
        by: z.string(),
        reason: z.string(),
        at: z.string(),
        entry: z.int(),
      })
      .optional()
      .meta({ description: 'what a person said; it decides on the side' }),
    entries: z.array(z.int()),
    executions: z.array(z.string()).meta({ description: 'traces or sessions that show it, the first ones' }),
    incident: z.string().optional().meta({ description: 'an incident holds its events and speaks for them' }),
  })
  .meta({ id: 'DriftChange' })

export type DriftChangeWire = z.output<typeof changeSchema>

const silenceSchema = z.object({ date: z.string(), tier: z.enum(TRUST_TIERS) })

const driftSchema = z
  .object({
    agent: z.string(),
    name: z.string(),
    clocks: z.array(z.string()),
    from: timeSchema,
    asOf: timeSchema,
    state: z
      .enum(['quiet', 'risky', 'silent', 'learning'])
      .meta({ description: 'quiet: heard, judged, nothing risky. silent: a stream that speaks every day does not' }),
    profile: z.object({
      days: z.int(),
      judgedFrom: z
        .string()
        .optional()
        .meta({ description: 'first day that was judged; before it the profile was made' }),
      executions: z.int(),
      unsettled: z
        .array(z.string())
        .meta({ description: 'dimensions that never settle: nothing new in them is judged' }),
    }),
    evolution: z.array(changeSchema),
    risky: z.array(changeSchema),
    changes: z
      .array(changeRefSchema)
      .meta({ description: 'recorded changes of the window that may explain behaviour' }),
    churn: z.int().meta({ description: 'replicas and restarts in the window: they explain nothing' }),
    silent: z.array(silenceSchema).meta({ description: 'days on which a stream that speaks every day said nothing' }),
    cut: z.int().meta({ description: 'executions and changes that a bound left out' }),
  })
  .meta({ id: 'Drift' })

export type DriftWire = z.output<typeof driftSchema>

const rowSchema = z
  .object({
    agent: z.string(),
    name: z.string(),
    state: z.enum(['quiet', 'risky', 'silent', 'learning']),
    evolution: z.int(),
    risky: z.object({ high: z.int(), medium: z.int(), low: z.int() }),
    first: z.string().optional().meta({ description: 'what comes first in its order of priority' }),
    last: timeSchema.meta({ description: 'newest claim of the agent' }),
  })
  .meta({ id: 'DriftRow' })

export type DriftRowWire = z.output<typeof rowSchema>

const signalRowSchema = z
  .object({
    entry: z.int().meta({ description: 'log position; where to go on after' }),
    recordedAt: z.string(),
    signal: z.string(),
    state: z.enum(['opened', 'changed', 'closed', 'in-incident']),
    agent: z.string(),
    agentName: z.string(),
    change: z.string(),
    subject: z.enum(DRIFT_SUBJECTS),
    verdict: z.enum(DRIFT_VERDICTS),
    severity: z.enum(['none', 'low', 'medium', 'high']),
    what: z.string(),
    at: timeSchema,
    deployment: z.boolean(),
    continuity: z.boolean(),
    bounds: z.boolean(),
    entries: z.array(z.int()),
    events: z.array(z.string()),
    executions: z.array(z.string()),
    incident: z.string().optional(),
  })
  .meta({ id: 'DriftSignal' })

export type DriftSignalWire = z.output<typeof signalRowSchema>

/** What changed of how agents behave, told into evolution and risky drift, and the stream of it for a security centre. */
export const driftRoutes = {
  getDrift: {
    method: 'GET',
    path: '/api/v1/agents/{agent}/drift',
    access: 'viewer',
    summary: 'Changes of an agent against its profile in two lanes, each with its three signals and linked event',
    params: agentParams,
    query: z.object({
      days: z.coerce.number().int().min(1).max(90).optional().meta({ description: '30 unless told' }),
      at: z.iso
        .datetime({ offset: true })
        .optional()
        .meta({ description: 'as claimed by then; the newest unless told' }),
    }),
    response: driftSchema,
  },
  listDrift: {
    method: 'GET',
    path: '/api/v1/drift',
    access: 'viewer',
    summary: 'Agents with what drifted of them in thirty days; of a page the most urgent first',
    params: none,
    query: z.object({
      offset: z.coerce.number().int().min(0).optional(),
      limit: z.coerce.number().int().min(1).max(100).optional(),
    }),
    response: z.object({ items: z.array(rowSchema), total: z.int() }),
  },
  decideDrift: {
    method: 'POST',
    path: '/api/v1/agents/{agent}/drift/{change}/verdict',
    access: 'analyst',
    summary: 'A person’s verdict on a change; it is kept, and decides what enters the profile',
    params: agentParams.extend({ change: z.string() }),
    query: none,
    body: z.object({
      verdict: z.enum(['evolution', 'risky', 'withdrawn']),
      reason: z.string().min(1).max(1_000),
    }),
    response: z.object({ entry: z.int() }),
  },
  listDriftSignals: {
    method: 'GET',
    path: '/api/v1/drift-signals',
    access: 'viewer',
    summary:
      'The stream of drift signals from a log position on (docs/schemas/drift-signal.json); no event of a finding is in it',
    params: none,
    query: z.object({
      after: z.coerce.number().int().min(-1).optional(),
      limit: z.coerce.number().int().min(1).max(500).optional(),
    }),
    response: z.object({
      items: z.array(signalRowSchema),
      nextAfter: z.int(),
      judged: z.int().meta({ description: 'log entries that signals were made of so far' }),
      size: z
        .int()
        .meta({ description: 'log entries there are: where judged stays behind, the stream is silent and not quiet' }),
    }),
  },
  followDriftSignals: {
    method: 'GET',
    path: '/api/v1/drift-signals/stream',
    access: 'viewer',
    summary: 'The same as server-sent events, with a word on how far it judged whenever that moves',
    params: none,
    query: none,
    response: 'text/event-stream',
  },
} as const
