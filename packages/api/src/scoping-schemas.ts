import { AUDIT_VERDICTS, TRUST_TIERS } from '@holdfast/model'
import { z } from 'zod'
import { nanoSchema } from './schemas.ts'

const names = z.array(z.string())
const agentSchema = z.object({
  id: z.string(),
  name: z.string(),
  cluster: z.string().optional(),
  namespace: z.string().optional(),
  workload: z.string().optional(),
  pods: names,
  nodes: names,
  images: names,
})

export const responseScopeSchema = z
  .object({
    incident: z.string(),
    agents: z.array(agentSchema),
    principals: z.array(
      z.object({
        agent: z.string(),
        name: z.string(),
        authority: z.enum(['aws', 'kubernetes', 'gcp', 'azure', 'other']),
        credential: z.string().optional(),
        isMisused: z.boolean(),
        used: z.array(z.object({ action: z.string(), resource: z.string() })),
      }),
    ),
    tools: z.array(
      z.object({
        agent: z.string(),
        tool: z.string(),
        server: z.string().optional(),
        definition: z.string().optional(),
        isMisused: z.boolean(),
      }),
    ),
    items: z.array(
      z.object({
        agent: z.string(),
        kind: z.enum(['document', 'memory', 'tool-description', 'message']),
        source: z.string(),
        id: z.string(),
        version: z.string().optional(),
        digest: z.string().optional(),
        writer: z.string().optional(),
        isTainted: z.boolean(),
      }),
    ),
    channels: z.array(z.object({ agent: z.string(), channel: z.string(), broughtTaint: z.boolean() })),
    edges: z.array(
      z.object({ from: z.string(), to: z.string(), verdict: z.enum(['tainted', 'undecided', 'cleared']) }),
    ),
    destinations: z.array(z.object({ agent: z.string(), name: z.string() })),
  })
  .meta({ id: 'ResponseScope' })

const namesSchema = z.object({ names, total: z.int().meta({ description: 'of which names are the first' }) })
const extentSchema = z.object({
  records: z.object({
    known: z.int(),
    uncounted: z.int().meta({ description: 'places of data that nobody counted: the known ones are then a least' }),
  }),
  classes: namesSchema,
  systems: namesSchema,
  identities: namesSchema,
  prompts: namesSchema,
  sources: namesSchema,
  tools: namesSchema,
  agents: namesSchema,
})
const placeSchema = z.object({
  event: z.string(),
  entry: z.int(),
  agent: z.string(),
  conversation: z.string(),
  label: z.string(),
  claimedAt: nanoSchema,
  tier: z.enum(TRUST_TIERS),
})

const frozenSchema = z.object({
  digest: z.string(),
  from: nanoSchema,
  until: nanoSchema,
  size: z.int().meta({ description: 'log entries that it was drawn from' }),
  entry: z.int().meta({ description: 'log position of the record' }),
  at: nanoSchema,
  reason: z.string(),
  by: z.string(),
  isSame: z.boolean().meta({ description: 'what is drawn now is what was fixed' }),
})

export const scopeSchema = z
  .object({
    incident: z.string(),
    conversations: names,
    window: z.object({ from: nanoSchema, until: nanoSchema }),
    basis: z
      .enum(['origin', 'entry', 'deed'])
      .meta({ description: 'from where it is followed: the first origin, a text that instructed, or the deeds alone' }),
    patientZero: z.array(placeSchema),
    agents: z.array(z.object({ id: z.string(), name: z.string(), nodes: z.int() })),
    touched: extentSchema,
    reachable: extentSchema,
    unresolved: namesSchema.meta({ description: 'identities and tools of which nobody knows what they could reach' }),
    nodes: z.int(),
    receivers: z.array(
      z.object({
        receiver: z.string(),
        name: z.string(),
        verdict: z.enum(['tainted', 'undecided', 'cleared']),
        words: z.string(),
        shared: z.string().optional().meta({ description: 'captured text that both had' }),
        handovers: names,
        entries: z.array(z.int()).meta({ description: 'log positions of what was read' }),
        texts: z.int(),
        newest: z.int().optional().meta({ description: 'the last log position of what was read' }),
        notExcluded: z.string().optional(),
      }),
    ),
    verdicts: z
      .object({ tainted: z.int(), undecided: z.int(), cleared: z.int() })
      .meta({ description: 'of all receivers, of which the first are listed: undecided ones before others' }),
    handovers: z.array(
      z.object({
        id: z.string(),
        giver: z.string(),
        receiver: z.string(),
        payload: z.enum(['whole', 'cut', 'absent']),
        reason: z.string().optional(),
        entry: z.int().optional(),
      }),
    ),
    handoversTotal: z.int(),
    elsewhere: z
      .object({
        items: z.array(z.object({ conversation: z.string(), agent: z.string(), event: z.string(), kind: z.string() })),
        cut: z.int(),
      })
      .meta({ description: 'contexts beyond those of the incident that a text of the origin entered' }),
    cut: z.int().meta({ description: 'what bounds left out: the scope is then a least' }),
    digest: z.string(),
    frozen: frozenSchema.optional(),
  })
  .meta({ id: 'IncidentScope' })

const entries = z.array(z.int()).meta({ description: 'log positions that show it' })
const markSchema = z.object({
  verdict: z.enum(AUDIT_VERDICTS),
  reason: z.string(),
  by: z.string(),
  at: nanoSchema,
  entry: z.int(),
})

/** One audit: its rows, which of them nobody has looked at, and what bounds left out. */
function auditOf<S extends z.ZodRawShape>(shape: S) {
  return z.object({
    rows: z.array(
      z.object({
        key: z.string().meta({ description: 'names the row where it is marked' }),
        ...shape,
        mark: markSchema.optional(),
        isOpen: z.boolean(),
      }),
    ),
    open: z.int(),
    cut: z.int(),
  })
}

export const auditSchema = z
  .object({
    incident: z.string(),
    siblings: auditOf({
      kind: z.enum(['document', 'memory']),
      source: z.string(),
      id: z.string(),
      version: z.string().optional(),
      digest: z.string().optional().meta({ description: 'of its text, where it is known to be one' }),
      writer: z.string().optional(),
      isTainted: z.boolean(),
      because: z.string(),
      executions: names.meta({ description: 'conversations that retrieved it, the first of them' }),
      executionsTotal: z.int(),
      copies: z.array(z.int()).meta({ description: 'log positions that hold its text: the evidence copy' }),
      isQuarantined: z.boolean(),
      notWithheld: z
        .string()
        .optional()
        .meta({ description: 'why proxies do not withhold it though it is in quarantine' }),
    }),
    channels: auditOf({
      agent: z.string(),
      channel: z.string(),
      texts: z.int(),
      broughtTaint: z.boolean(),
      entries,
      gates: z.array(
        z.object({
          name: z.string(),
          hasResult: z.boolean().meta({ description: 'it has a result for the whole window' }),
          results: z.array(z.object({ verdict: z.string(), count: z.int() })),
          entries,
        }),
      ),
    }),
    descriptions: auditOf({
      agent: z.string(),
      server: z.string(),
      tool: z.string(),
      definition: z.string().optional(),
      state: z.enum(['approved', 'changed', 'unapproved', 'not-offered', 'as-told']),
      isChanged: z.boolean(),
      since: z.string().optional(),
      entry: z.int().optional(),
      before: z.string().optional(),
      after: z.string().optional(),
      author: z.string().optional(),
      approver: z.string().optional(),
      changeId: z.string().optional(),
      approvedEntry: z.int().optional(),
    }),
    reach: auditOf({
      agent: z.string(),
      kind: z.enum(['process', 'mount', 'file', 'socket', 'host', 'neighbour']),
      name: z.string(),
      isSignal: z.boolean().meta({ description: 'an act that speaks of the escape' }),
      entries,
    })
      .optional()
      .meta({ description: 'absent: no kernel saw anything of it' }),
    principals: auditOf({
      agent: z.string(),
      principal: z.string(),
      authority: z.string(),
      isMisused: z.boolean(),
      used: z.array(z.object({ action: z.string(), resource: z.string() })),
      paths: z.array(
        z.object({
          via: names,
          source: z.string(),
          statement: z.string(),
          path: z.enum(['direct', 'inherited']),
          entry: z.int(),
        }),
      ),
      unexplained: z.array(z.object({ action: z.string(), resource: z.string() })),
    }),
    receivers: auditOf({
      receiver: z.string(),
      words: z.string(),
      entries,
      newest: z
        .int()
        .optional()
        .meta({ description: 'the last log position of what was read: a mark that came before it is of less' }),
    }),
    holders: auditOf({ holder: z.string(), principal: z.string() })
      .optional()
      .meta({ description: 'absent: no misused identity is described by a document' }),
    credentials: auditOf({
      principal: z.string(),
      credential: z.string(),
      state: z.enum(['live', 'dead']),
      words: z.string(),
      entries,
    }),
    scans: z.array(
      z.object({
        image: z.string(),
        scanner: z.string(),
        digest: z.string(),
        findings: z.int(),
        worst: names,
        by: z.string(),
        at: nanoSchema,
        entry: z.int(),
      }),
    ),
  })
  .meta({ id: 'IncidentAudit' })
