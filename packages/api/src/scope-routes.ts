import { z } from 'zod'

const none = z.object({})

const sourceSchema = z.object({ document: z.string(), format: z.string(), entry: z.int() })

const rowSchema = z.object({
  id: z.string(),
  category: z.enum([
    'justified',
    'unused-excess',
    'inherited-overreach',
    'undeclared-use',
    'in-scope-anomaly',
    'undetermined',
    'without-effect',
  ]),
  grant: z.object({
    plane: z.string(),
    principal: z.string(),
    action: z.string(),
    resources: z.array(z.string()),
    except: z.array(z.object({ action: z.string(), resources: z.array(z.string()), why: z.string() })),
    path: z.enum(['direct', 'inherited']),
    ancestor: z.string().optional(),
    via: z.array(z.string()).meta({ description: 'from the principal to the statement' }),
    source: z.string(),
    statement: z.string(),
    conditions: z.array(z.string()),
    limitedBy: z.array(z.string()),
  }),
  evidence: z.object({
    document: sourceSchema,
    declaredBy: sourceSchema.extend({ statement: z.string() }).optional(),
    uses: z.int(),
    lastUse: z.string().optional(),
    positions: z.array(z.int()).meta({ description: 'log positions of the latest uses' }),
    caveats: z.array(z.string()),
  }),
  owner: z.string().optional(),
  remedy: z.object({ text: z.string(), statement: z.string().optional() }),
})

const attemptSchema = z.object({
  id: z.string(),
  plane: z.string(),
  principal: z.string(),
  action: z.string(),
  resource: z.string(),
  uses: z.int(),
  lastUse: z.string(),
  positions: z.array(z.int()),
})

/** What an agent may against what it does, in lists that share nothing. */
export const scopeSchema = z.object({
  agent: z.string(),
  owner: z.string().optional(),
  window: z.object({ from: z.string(), to: z.string(), days: z.int() }),
  profile: z.enum(['complete', 'partial']),
  gaps: z.array(z.string()),
  actsAs: z.array(
    z.object({
      principal: z.string(),
      path: z.enum(['direct', 'inherited']),
      ancestor: z.string().optional(),
      statedBy: z.string(),
      entries: z.array(z.int()),
    }),
  ),
  unusedExcess: z.array(rowSchema),
  inheritedOverreach: z.array(rowSchema),
  justified: z.array(rowSchema),
  undeclaredUse: z.array(rowSchema),
  inScopeAnomalies: z.array(rowSchema),
  undetermined: z.array(rowSchema),
  withoutEffect: z.array(rowSchema),
  inventoryGaps: z.array(attemptSchema.extend({ isType2Candidate: z.boolean(), remedy: z.string() })),
  refused: z.array(attemptSchema),
  unresolved: z.array(z.object({ name: z.string(), via: z.array(z.string()), source: sourceSchema })),
  cut: z.int(),
})

export type ScopeWire = z.output<typeof scopeSchema>
export type ScopeRowWire = z.output<typeof rowSchema>

/** What is asked about authority. */
export const scopeRoutes = {
  receiveAuthority: {
    method: 'POST',
    path: '/api/v1/authority-records',
    access: 'analyst',
    summary: 'Takes records of an audit log: EventBridge, a Kubernetes audit webhook, or any of their lists',
    params: none,
    query: none,
    body: z.json(),
    response: z.object({ accepted: z.int(), duplicates: z.int(), rejected: z.int() }),
  },
  getScope: {
    method: 'GET',
    path: '/api/v1/agents/{agent}/scope',
    access: 'viewer',
    summary: 'What an agent may against what it does, in two lists',
    params: z.object({ agent: z.string() }),
    query: z.object({
      at: z.string().max(64).optional().meta({ description: 'RFC 3339; the end of the window of 30 days' }),
    }),
    response: scopeSchema,
  },
} as const
