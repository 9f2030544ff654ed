import { z } from 'zod'
import { dataRulesSchema } from './data-rules-schema.ts'
import { recordedChangeSchema } from './inventory-schemas.ts'
import { rfc3339Schema } from './schemas.ts'

const none = z.object({})
const line = (most: number) =>
  z
    .string()
    .min(1)
    .max(most)
    .regex(/^[^\p{Cc}]+$/u)
const nameSchema = line(600)
const digestSchema = z.string().regex(/^[0-9a-f]{64}$/)

/** Every field is asked for: an entry that lacks one is refused. */
const entrySchema = z.object({
  agent: nameSchema.meta({ description: 'name or id' }),
  owner: line(256),
  version: line(256).meta({ description: 'the one version that may run' }),
  key: z
    .string()
    .regex(/^[A-Za-z0-9+/]{43}=$/)
    .meta({ description: 'Ed25519 public key: 32 bytes in base64' }),
  peers: z.array(nameSchema).max(256),
  class: line(64).meta({ description: 'one of the classes of docs/baselines.md' }),
  dataClasses: z.array(line(128)).max(64),
})

const approvedSchema = z.object({
  agent: nameSchema,
  server: z.string().max(512).meta({ description: 'untrusted' }),
  catalogue: digestSchema,
  tools: z.array(z.object({ name: z.string().max(512), definition: digestSchema })).max(4_096),
})

const reasonSchema = z.string().min(1).max(1_000)
const modeSchema = z.enum(['open', 'closed'])

const decisionSchema = z.discriminatedUnion('do', [
  z.object({ do: z.literal('add'), entry: entrySchema }),
  z.object({ do: z.literal('pin'), agent: nameSchema, version: line(256) }),
  z.object({ do: z.literal('retire'), agent: nameSchema }),
  z.object({ do: z.literal('mode'), mode: modeSchema }),
  z.object({ do: z.literal('data-rules'), rules: dataRulesSchema }),
])

const decidedSchema = z.object({ at: rfc3339Schema, by: z.string(), reason: z.string(), entry: z.int() })

const rosterSchema = z
  .object({
    mode: modeSchema,
    kept: z.boolean().meta({ description: 'whether anything was decided: before, no agent is held against it' }),
    agents: z.array(entrySchema.extend({ state: z.enum(['active', 'retired']), decided: decidedSchema })),
    tools: z.array(approvedSchema.extend({ decided: decidedSchema })),
    dataRules: z
      .object({ rules: dataRulesSchema, decided: decidedSchema })
      .optional()
      .meta({ description: 'where models may read which data, and how long it may be remembered' }),
    notAdmitted: z
      .array(
        z.object({
          agent: z.string(),
          outcome: z.enum(['refused', 'reported']),
          reasons: z.array(z.string()),
          fault: z
            .enum(['impersonation'])
            .optional()
            .meta({ description: 'it signed with another key than that of the name it bore' }),
          at: rfc3339Schema,
          entry: z.int(),
        }),
      )
      .meta({ description: 'the newest 100' }),
    document: z.string().meta({ description: 'the roster as a C2SP note, signed by the key of the log' }),
    key: z.string().meta({ description: 'verifier key of the log' }),
  })
  .meta({ id: 'Roster' })

const toolDefinitionSchema = z
  .object({
    server: z.string().meta({ description: 'untrusted' }),
    tool: z.string().meta({ description: 'untrusted' }),
    definition: digestSchema.optional().meta({ description: 'as it is offered now' }),
    state: z.enum(['approved', 'changed', 'unapproved', 'not-offered']),
    approved: digestSchema.optional().meta({ description: 'what was approved' }),
    since: rfc3339Schema.optional(),
    entry: z.int().optional().meta({ description: 'log position that shows it' }),
    approvedEntry: z.int().optional().meta({ description: 'log position of the approval' }),
    before: z.string().optional().meta({ description: 'the approved description; untrusted' }),
    after: z.string().optional().meta({ description: 'the description as it is now; untrusted' }),
    by: recordedChangeSchema.optional().meta({ description: 'the recorded change that explains it' }),
  })
  .meta({ id: 'ToolDefinition' })

const riskRowSchema = z
  .object({
    agent: z.string(),
    agentName: z.string(),
    risk: z.enum(['identity', 'data', 'tool', 'model']),
    name: z.string().meta({ description: 'untrusted' }),
    kind: z.string(),
    first: rfc3339Schema,
    last: rfc3339Schema,
    current: z.boolean().meta({ description: 'part of the agent now; a row stays when it no longer is' }),
    proof: z.array(z.int()).meta({ description: 'log positions' }),
    controls: z
      .array(
        z.object({
          control: z.enum(['tool-approval', 'declaration', 'roster-data-class', 'owner']),
          detail: z.string(),
          entries: z.array(z.int()).meta({ description: 'log positions of the evidence' }),
        }),
      )
      .meta({ description: 'empty: no control is on record' }),
  })
  .meta({ id: 'RiskRow' })

export type RosterWire = z.output<typeof rosterSchema>
export type ToolDefinitionWire = z.output<typeof toolDefinitionSchema>
export type RiskRowWire = z.output<typeof riskRowSchema>

/** Who may run, with which tools, and what is risked with it. */
export const rosterRoutes = {
  getRoster: {
    method: 'GET',
    path: '/api/v1/roster',
    access: 'viewer',
    summary: 'Agents that may run, approved tool definitions, and the signed document of both',
    etag: 'of-bytes',
    params: none,
    query: none,
    response: rosterSchema,
  },
  decideRoster: {
    method: 'POST',
    path: '/api/v1/roster/decisions',
    access: 'admin',
    summary: 'Registers, pins or retires an agent, closes the roster, or decides about data: recorded, then in effect',
    params: none,
    query: none,
    body: z.object({ decision: decisionSchema, reason: reasonSchema }),
    response: z.object({ entry: z.int() }),
  },
  importRoster: {
    method: 'POST',
    path: '/api/v1/roster/import',
    access: 'admin',
    summary: 'Takes over a signed roster document of the named key',
    params: none,
    query: none,
    body: z.object({ document: z.string().max(8_000_000), key: line(1_000), reason: reasonSchema }),
    response: z.object({ agents: z.int(), tools: z.int(), entry: z.int() }),
  },
  admitAgent: {
    idempotencyKey: true,
    method: 'POST',
    path: '/api/v1/roster/admissions',
    access: 'admin',
    summary: 'Whether an agent may start as it presents itself; what is not admitted is recorded',
    params: none,
    query: none,
    body: z.object({
      agent: nameSchema,
      version: line(256).optional(),
      proof: z
        .object({ at: rfc3339Schema, signature: z.string().max(100) })
        .optional()
        .meta({ description: 'Ed25519 in base64 over the admission text (docs/roster.md)' }),
    }),
    response: z.object({
      status: z.enum(['admitted', 'reported', 'refused']),
      reasons: z.array(z.string()),
      entry: z.int().optional().meta({ description: 'log position, unless it was admitted' }),
    }),
  },
  approveTools: {
    method: 'POST',
    path: '/api/v1/agents/{agent}/tool-definitions/approvals',
    access: 'admin',
    summary: 'Approves the definitions that an agent’s servers offer now',
    params: z.object({ agent: z.string() }),
    query: none,
    body: z.object({
      server: z.string().max(512).optional().meta({ description: 'of this server alone' }),
      reason: reasonSchema,
    }),
    response: z.object({ approved: z.array(approvedSchema.extend({ entry: z.int() })) }),
  },
  listToolDefinitions: {
    method: 'GET',
    path: '/api/v1/agents/{agent}/tool-definitions',
    access: 'viewer',
    summary: 'Tool definitions as they are offered, against what was approved',
    params: z.object({ agent: z.string() }),
    query: none,
    response: z.object({
      agent: z.string(),
      name: z.string(),
      items: z.array(toolDefinitionSchema),
    }),
  },
  listRisks: {
    method: 'GET',
    path: '/api/v1/risks',
    access: 'viewer',
    summary: 'Risk register: each agent’s identities, data, tools and models ever seen, with the controls on record',
    params: none,
    query: z.object({ agent: z.string().max(600).optional() }),
    response: z.object({ items: z.array(riskRowSchema), cut: z.boolean() }),
  },
} as const
