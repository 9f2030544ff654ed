import { INCIDENT_TYPES, TRIAGE_TIERS, TRUST_TIERS } from '@holdfast/model'
import { z } from 'zod'

import { PHASES, TEAMS } from '../runbook/runbook.ts'

/** Name and version of the form; another meaning of a field is another version. */
export const REPORT_FORM = 'urn:holdfast:incident-report:v1'

const type = z.enum(INCIDENT_TYPES)
const list = <T extends z.ZodType>(item: T) => z.array(item).readonly()
const object = <T extends z.ZodRawShape>(shape: T) => z.strictObject(shape).readonly()
const positions = list(z.int().min(0)).meta({ description: 'log positions that show it' })
const time = z.string().meta({ description: 'RFC 3339 in UTC' })
const captured = z.string().meta({ description: 'holds captured text: untrusted' })
const share = z.number().min(0).max(1)

const finding = object({
  type,
  side: z.enum(['for', 'against']),
  words: captured,
  tier: z.enum(TRUST_TIERS),
  basis: z.enum(['proven', 'inferred']),
  quote: captured.optional(),
  entries: positions,
})

const moment = object({
  at: time,
  kind: z.enum(['agent', 'detection', 'operator', 'product']),
  who: captured.meta({ description: 'agent, person, or Holdfast' }),
  words: captured,
  entries: positions,
})

const tool = object({
  agent: z.string(),
  name: captured,
  server: captured.optional(),
  calls: z.int(),
  failed: z.int(),
  first: time,
  last: time,
  isNamed: z.boolean().meta({ description: 'a finding rests on a call of it' }),
  entries: positions,
})

const artifact = object({
  id: z.enum(['A1', 'A2', 'A3', 'A4', 'A5', 'A6']),
  name: z.string(),
  state: z.enum(['complete', 'partial', 'missing', 'not-expected']),
  count: z.int(),
  expected: z.int(),
  completeness: share.optional(),
  reason: z.string(),
  missing: z.int(),
})

const action = object({
  id: z.string(),
  words: captured,
  state: z.string().meta({ description: 'applied is a claim, confirmed is what a probe found' }),
  settlement: z.string(),
  isReversible: z.boolean(),
})

const task = object({
  phase: z.enum(PHASES),
  task: z.string(),
  team: z.enum(TEAMS),
  words: z.string(),
  done: object({ by: z.string(), at: time, entries: positions }).optional(),
})

const duty = object({
  regime: z.string(),
  stage: z.string(),
  recipients: list(z.string()),
  from: z.string(),
  status: z.enum(['waiting', 'at-once', 'running', 'overdue', 'done']),
  startedAt: time.optional(),
  dueAt: time.optional(),
})

const note = object({
  id: z.string(),
  type: z.string(),
  by: z.string(),
  at: time.meta({ description: 'when it was first saved' }),
  editedAt: time.meta({ description: 'when it was last saved' }),
  words: captured,
  event: z.string().optional().meta({ description: 'what it stands beside' }),
  entries: positions,
})

/** What is to be known of an incident by those who were not there. JSON Schema: docs/schemas/incident-report.json. */
export const incidentReportSchema = object({
  form: z.literal(REPORT_FORM),
  generated: object({ at: time, by: z.string(), product: z.string() }),
  incident: object({
    id: z.string(),
    alsoKnownAs: list(z.string()),
    headline: captured,
    outcome: z.enum(['incident', 'attempt']),
    type,
    contributing: list(type),
    template: z.string().optional(),
    triage: z.enum(TRIAGE_TIERS),
    agents: list(z.string()),
    conversations: list(z.string()),
    firstClaimed: time,
    lastClaimed: time,
    phase: z.enum(PHASES),
    rung: object({ rung: z.string().nullable(), reason: captured }),
    end: object({ resolution: z.enum(['resolved', 'false-positive']), reason: z.string(), by: z.string() }).optional(),
  }),
  alert: object({
    words: captured,
    why: z.string(),
    firstAction: z.string(),
    at: time.optional(),
    entries: positions,
  }).meta({ description: 'the finding with which it began' }),
  confidence: object({
    value: share,
    standing: z.enum(['provisional', 'stated', 'revised']),
    caps: list(z.string()).meta({ description: 'why it is not higher' }),
    types: list(object({ type, role: z.enum(['primary', 'contributing', 'not-supported']), confidence: share })),
    history: list(
      object({ position: z.int(), at: time.optional(), type, confidence: share, because: captured, by: z.string() }),
    ),
  }),
  steps: list(
    object({
      stage: z.enum(['origin', 'quiet', 'entry', 'hand-over', 'deed', 'effect']),
      state: z.enum(['seen', 'inferred', 'not-seen']),
      surface: z.enum(['S1', 'S2', 'S3', 'S4']),
      words: captured,
      entries: positions,
    }),
  ),
  tools: list(tool),
  findings: list(finding),
  missing: list(object({ type, words: z.string(), reason: z.string(), remedy: z.string() })),
  remediation: object({
    actions: list(action),
    phases: list(object({ phase: z.enum(PHASES), status: z.string(), owner: z.enum(TEAMS), action: z.string() })),
    tasks: list(task),
  }),
  evidence: object({ completeness: share, artifacts: list(artifact) }),
  timeline: list(moment),
  notes: list(note).meta({ description: 'what people wrote beside it, the first first' }),
  integrity: object({
    origin: z.string(),
    key: z.string(),
    size: z.int(),
    rootHash: z.string(),
    checkpoint: z.string().meta({ description: 'signed note of the log, C2SP' }),
    entries: object({ count: z.int(), first: z.int().optional(), last: z.int().optional(), leftOut: z.int() }),
    seals: list(object({ size: z.int(), rootHash: z.string(), completeness: share, at: time })),
  }),
  frameworks: list(object({ framework: z.string(), edition: z.string(), ids: list(z.string()), grade: z.string() })),
  duties: list(duty),
  limits: list(z.string()).meta({ description: 'what this report does not say, and why' }),
})

export type IncidentReport = z.infer<typeof incidentReportSchema>

/** The form of a report as JSON Schema 2020-12. */
export function incidentReportJsonSchema(): object {
  return { $id: REPORT_FORM, title: 'Incident report', ...z.toJSONSchema(incidentReportSchema) }
}
