import { AGENT_CLASSES, ARTIFACT_KINDS, ENFORCEMENT_STAGES, PROFILE_DIMENSIONS } from '@holdfast/model'
import { z } from 'zod'
import { rfc3339Schema } from './schemas.ts'

export const reasonSchema = z.string().min(1).max(1_000)
export const kindSchema = z.enum(ARTIFACT_KINDS)
export const kindsSchema = z.array(kindSchema).max(ARTIFACT_KINDS.length)
export const idSchema = z.string().regex(/^[0-9a-f]{64}$/)

export const placeSchema = z.object({
  reason: reasonSchema,
  rehearse: z.boolean().meta({ description: 'the cluster checks it and keeps nothing' }),
  scope: z
    .enum(['namespaced', 'cluster'])
    .optional()
    .meta({ description: '`cluster`: as ClusterNetworkPolicies, of a `network-policy` alone; else in its namespace' }),
})
export const applySchema = placeSchema.extend({
  plan: idSchema.optional().meta({ description: 'that a rehearsal named: refused where it would be another by now' }),
})
export const placedSchema = z.object({
  entry: z.int().optional().meta({ description: 'log position of the step; none for a rehearsal' }),
  target: z.string(),
  detail: z.string(),
})
export const appliedSchema = placedSchema.extend({
  plan: z.string().meta({ description: 'SHA-256 of what is written over what' }),
})

const decisionSchema = z.object({
  value: z.string(),
  chosenBy: z.string().meta({ description: '`default`, or the account that chose' }),
  reason: z.string(),
})

const groundSchema = z.object({
  dimension: z.enum(PROFILE_DIMENSIONS),
  key: z.string().meta({ description: 'untrusted' }),
  entries: z.array(z.int()).meta({ description: 'log positions, oldest first' }),
  count: z.int(),
})

const lineSchema = z.object({
  pointer: z.string().meta({ description: 'RFC 6901, into the document' }),
  effect: z.enum(['allow', 'deny', 'remove']),
  what: z.string().meta({ description: 'untrusted' }),
  because: z.enum(['observed', 'closure', 'grant', 'idle', 'runtime', 'platform', 'never-legitimate', 'default']),
  reason: z.string(),
  grounds: z.array(groundSchema),
  declaredBy: z.int().optional(),
})

export const artifactSchema = z
  .object({
    id: idSchema.meta({ description: 'SHA-256 of the canonical JSON of all the rest' }),
    kind: kindSchema,
    agent: z.string(),
    agentClass: z.enum(AGENT_CLASSES),
    profile: z.object({
      digest: z.string(),
      asOf: rfc3339Schema,
      days: z.int(),
      observations: z.int(),
      size: z.int(),
    }),
    decisions: z.object({
      granularity: decisionSchema,
      closure: decisionSchema,
      confidence: decisionSchema,
      validity: decisionSchema,
    }),
    validUntil: rfc3339Schema,
    document: z.json(),
    lines: z.array(lineSchema),
    blindSpots: z.array(z.string()),
    effective: z.object({ narrows: z.boolean(), reason: z.string(), against: z.array(z.string()) }),
  })
  .meta({ id: 'PolicyArtifact' })

export const refusalSchema = z.object({
  kind: kindSchema,
  code: z
    .string()
    .meta({ description: 'names the gate that refused: `observation-incomplete`, `profile-partial`, ...' }),
  reason: z.string(),
  missing: z.array(z.string()),
})

export const groupSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('class'), class: z.enum(AGENT_CLASSES) }),
  z.object({ kind: z.literal('pre-enforced'), agent: z.string().max(600) }),
])

const radiusSchema = z
  .object({
    from: rfc3339Schema,
    to: rfc3339Schema,
    artifacts: z.array(z.string()),
    unmeasured: z
      .array(z.string())
      .optional()
      .meta({ description: 'those of them that no act in the window speaks of: they are not enforced on it' }),
    judged: z.int().meta({ description: 'acts that a policy speaks of' }),
    denied: z.int(),
    agents: z.array(z.string()),
    affectedAgents: z.array(z.string()),
    conversations: z.int(),
    affectedConversations: z.int(),
    toolCalls: z.int(),
    affectedToolCalls: z.int(),
  })
  .meta({ id: 'PolicyBlastRadius' })

const stageStepSchema = z.object({
  stage: z.enum(ENFORCEMENT_STAGES),
  isReached: z.boolean(),
  evidence: z.string(),
  entries: z.array(z.int()),
})

const artifactRowSchema = z.object({
  id: idSchema,
  kind: kindSchema,
  lines: z.int(),
  generatedAt: rfc3339Schema,
  generatedBy: z.string(),
  entry: z.int().meta({ description: 'log position of the record' }),
  validUntil: rfc3339Schema,
  profileDigest: z.string(),
  narrows: z.boolean(),
  state: z.enum(['enforce', 'monitor', 'proposed', 'replaced', 'expired', 'contaminated']),
  placed: z
    .array(
      z.object({
        target: z.string(),
        entry: z.int().meta({ description: 'log position of the step that put it there' }),
        differences: z
          .array(z.string())
          .meta({ description: 'untrusted: in what the cluster held another when it was last looked at' }),
      }),
    )
    .meta({ description: 'where it is the newest that was put into a cluster' }),
})

export const agentPoliciesSchema = z
  .object({
    agent: z.string(),
    name: z.string().meta({ description: 'untrusted' }),
    class: z.enum(AGENT_CLASSES),
    stage: z.enum(ENFORCEMENT_STAGES),
    steps: z.array(stageStepSchema),
    refusal: z
      .object({ code: z.string(), reason: z.string(), missing: z.array(z.string()) })
      .optional()
      .meta({ description: 'why no policy may be made of its profile now' }),
    artifacts: z.array(artifactRowSchema).meta({ description: 'the newest of each layer, and older ones in force' }),
    decisions: z
      .record(z.string(), decisionSchema)
      .meta({ description: 'what somebody chose for the next derivation' }),
  })
  .meta({ id: 'AgentPolicies' })

const evidenceEventSchema = z.object({
  event: z.string(),
  entry: z.int(),
  at: rfc3339Schema,
  what: z.string().meta({ description: 'untrusted' }),
  conversation: z.string().optional(),
  permalink: z.string().meta({ description: 'path in the workspace' }),
})

export const explainedLineSchema = lineSchema.extend({
  index: z.int(),
  state: z
    .enum(['held', 'weakened', 'lost', 'needs-none'])
    .meta({ description: '`lost`: nothing it rests on is there now' }),
  evidence: z.array(
    groundSchema.extend({
      lost: z.array(z.int()).meta({ description: 'log positions that prove it no more' }),
      events: z.array(evidenceEventSchema),
    }),
  ),
})

export const verifiedSchema = z.object({
  artifact: idSchema,
  kind: kindSchema,
  agent: z.string(),
  lines: z.int(),
  checked: z.int().meta({ description: 'log positions looked up' }),
  isWhole: z.boolean().meta({ description: 'the id is that of the content' }),
  lost: z.array(z.object({ pointer: z.string(), what: z.string(), reason: z.string(), entries: z.array(z.int()) })),
  weakened: z.array(z.object({ pointer: z.string(), what: z.string(), reason: z.string(), entries: z.array(z.int()) })),
})

const denialSchema = z.object({
  event: z.string(),
  entry: z.int(),
  at: rfc3339Schema,
  agent: z.string(),
  artifact: idSchema,
  kind: kindSchema,
  pointer: z.string(),
  what: z.string().meta({ description: 'untrusted' }),
  line: z.string().optional().meta({ description: 'what the line that stops it says; untrusted' }),
  conversation: z.string().optional(),
  toolCall: z.string().optional(),
  tool: z.string().optional(),
  permalink: z.string(),
})

const simulatedSchema = radiusSchema
  .omit({ artifacts: true, unmeasured: true })
  .extend({
    events: z.int().meta({ description: 'events in the window' }),
    entries: z.int().meta({ description: 'log entries read' }),
    artifacts: z.array(
      z.object({ id: idSchema, kind: kindSchema, agent: z.string(), judged: z.int(), denied: z.int() }),
    ),
    denials: z.array(denialSchema),
    byLine: z.array(
      z.object({ artifact: idSchema, kind: kindSchema, pointer: z.string(), what: z.string(), count: z.int() }),
    ),
    byToolCall: z.array(z.object({ toolCall: z.string(), tool: z.string(), count: z.int(), permalink: z.string() })),
    byConversation: z.array(z.object({ conversation: z.string(), count: z.int(), permalink: z.string() })),
    cut: z.int().meta({ description: 'denials that are counted and not listed' }),
    ms: z.number(),
  })
  .meta({ id: 'SimulatedPolicy' })

export const simulationSchema = z
  .object({
    id: z.string(),
    state: z.enum(['waiting', 'running', 'done', 'failed']),
    read: z.int().meta({ description: 'log entries read so far' }),
    total: z.int(),
    failure: z.string().optional(),
    result: simulatedSchema.optional(),
  })
  .meta({ id: 'PolicySimulation' })

export const rolloutSchema = z
  .object({
    group: groupSchema,
    state: z.enum(['monitored', 'reported', 'enforced']),
    monitored: z.object({ artifacts: z.array(idSchema), at: rfc3339Schema, entry: z.int() }),
    report: z
      .object({
        radius: radiusSchema,
        at: rfc3339Schema,
        entry: z.int(),
        by: z.string(),
        acceptsShortWindow: z
          .literal(true)
          .optional()
          .meta({ description: 'its window is shorter than 14 days, and somebody said that it is enough' }),
      })
      .optional(),
    enforced: z.array(idSchema),
  })
  .meta({ id: 'PolicyRollout' })

export const takenSchema = z.object({
  entry: z.int().meta({ description: 'log position of the step' }),
  rollouts: z.array(rolloutSchema),
})

export const stepSchema = z.discriminatedUnion('step', [
  z.object({ step: z.literal('start'), group: groupSchema, reason: reasonSchema }),
  z.object({
    step: z.literal('report'),
    group: groupSchema,
    simulation: z.string().max(64),
    acceptShortWindow: z
      .boolean()
      .optional()
      .meta({ description: 'a window of fewer than 14 days is enough, by the word of whoever asks' }),
    reason: reasonSchema,
  }),
  z.object({
    step: z.literal('advance'),
    group: groupSchema,
    agents: z.array(z.string().max(600)).max(1_000).optional(),
    kinds: kindsSchema.optional(),
    acceptDenials: z
      .boolean()
      .optional()
      .meta({ description: 'what the report says would be stopped is to be stopped' }),
    reason: reasonSchema,
  }),
])

export type PolicyArtifactWire = z.output<typeof artifactSchema>
export type AgentPoliciesWire = z.output<typeof agentPoliciesSchema>
export type ExplainedLineWire = z.output<typeof explainedLineSchema>
export type SimulationWire = z.output<typeof simulationSchema>
export type SimulatedWire = z.output<typeof simulatedSchema>
export type RolloutWire = z.output<typeof rolloutSchema>
export type VerifiedWire = z.output<typeof verifiedSchema>
