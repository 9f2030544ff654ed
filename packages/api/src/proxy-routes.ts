import { z } from 'zod'
import { nanoSchema } from './schemas.ts'

const none = z.object({})
const name = z.string().min(1).max(2_048)
const digest = z.string().regex(/^[0-9a-f]{64}$/)
const tools = z
  .array(z.object({ name, definition: digest }))
  .max(4_096)
  .readonly()
const kindSchema = z.enum(['mcp-proxy', 'llm-proxy'])
const startSchema = z
  .string()
  .regex(/^[0-9a-f]{16}$/)
  .meta({ description: 'one run of the proxy' })
const orderId = z.uuid()
const checkSchema = z.object({
  way: z.string().max(300),
  held: z.boolean(),
  untried: z.literal(true).optional().meta({ description: 'nothing could be tried: neither held nor got through' }),
  detail: z.string().max(1_000),
})

/** What a proxy can be told to keep from passing (docs/proxies.md). */
const holdSchema = z
  .discriminatedUnion('kind', [
    z.object({ kind: z.literal('withdraw-tool'), tool: name }),
    z.object({ kind: z.literal('quarantine-server') }),
    z.object({ kind: z.literal('pin-catalogue'), digest, tools }),
    z.object({
      kind: z.literal('guard-arguments'),
      tool: name,
      argument: name,
      values: z.array(z.string().max(2_048)).max(4_096).readonly(),
      pattern: name.optional().meta({ description: 'RE2; matches the whole value' }),
    }),
    z.object({ kind: z.literal('quarantine-item'), id: name.min(3).optional(), digest: digest.optional() }),
    z.object({ kind: z.literal('close-channel'), tool: name.optional(), resource: name.optional() }),
    z.object({ kind: z.literal('hold-memory'), tools: z.array(name).min(1).max(4_096).readonly() }),
    z.object({ kind: z.literal('freeze-model'), model: name.optional(), credential: digest.optional() }),
  ])
  .meta({ id: 'ProxyHold' })

const proxySchema = z
  .object({
    kind: kindSchema,
    start: startSchema,
    agent: z.string(),
    agentName: z.string(),
    target: z.string(),
    server: z.string().optional().meta({ description: 'as the MCP server names itself' }),
    catalogue: z.object({ digest, isWhole: z.boolean(), tools }).optional(),
    orders: z.array(z.string()).meta({ description: 'that it says it carries out' }),
    seen: nanoSchema.meta({ description: 'when it last asked for its orders' }),
  })
  .meta({ id: 'Proxy' })

const proxyOrderSchema = z
  .object({
    order: orderId,
    incident: z.string(),
    agent: z.string(),
    agentName: z.string(),
    server: z.string().optional(),
    hold: holdSchema,
    ttlMs: z.int(),
    state: z.enum(['ordered', 'acknowledged', 'refused', 'probed', 'released']),
    detail: z.string(),
    since: nanoSchema,
    endsAt: nanoSchema.optional().meta({ description: 'when it ends by itself' }),
    expired: z.boolean(),
    proxies: z
      .array(z.object({ start: z.string(), state: z.enum(['acknowledged', 'refused', 'ended']), detail: z.string() }))
      .meta({ description: 'the word of each proxy' }),
    steps: z.array(z.object({ state: z.string(), by: z.string(), detail: z.string(), at: nanoSchema })),
  })
  .meta({ id: 'ProxyOrder' })

/** What MCP and model proxies hand in, and what they are told to hold. */
export const proxyRoutes = {
  postProxyBatch: {
    method: 'POST',
    path: '/api/v1/proxies/{kind}/batches',
    access: 'admin',
    summary: 'Takes in what a proxy saw: answered once it is durable, and once only however often it is sent',
    params: z.object({ kind: kindSchema }),
    query: z.object({
      start: startSchema,
      sequence: z.coerce.number().int().min(1).meta({ description: 'counts upwards within the run' }),
    }),
    body: 'bytes',
    response: z.object({ acknowledged: z.int(), status: z.enum(['stored', 'known']) }),
  },
  askProxyOrders: {
    method: 'POST',
    path: '/api/v1/proxies/{kind}/orders',
    access: 'admin',
    summary: 'A proxy says what it carries out, and is answered with its orders: at once where they are others',
    params: z.object({ kind: kindSchema }),
    query: none,
    body: z.object({
      source: z
        .object({
          kind: kindSchema,
          start: startSchema,
          attributes: z.record(z.string().max(1_024), z.string().max(1_024)),
          run: z.string().max(1_024).optional(),
          pid: z.string().max(1_024),
          target: z.string().max(1_024),
        })
        .meta({ description: 'as in the header of its batches' }),
      server: z.string().max(512).optional(),
      catalogue: z.object({ digest, isWhole: z.boolean(), tools }).optional(),
      known: z.array(z.string().max(64)).max(1_024).meta({ description: 'orders that it carries out or has refused' }),
      reports: z
        .array(
          z.object({
            order: z.string().max(64),
            status: z.enum(['acknowledged', 'refused', 'ended']),
            detail: z.string().max(1_000),
          }),
        )
        .max(1_024),
      tries: z.array(z.object({ probe: z.string().max(64), checks: z.array(checkSchema).max(4_100) })).max(256),
      waitMs: z.int().min(0).max(30_000).meta({ description: 'how long it may wait while nothing is new' }),
    }),
    response: z.object({
      orders: z.array(
        z.object({
          order: orderId,
          incident: z.string(),
          server: z.string().optional(),
          // A proxy may be older than the server: it reads what it knows, and refuses the rest.
          hold: z.looseObject({ kind: z.string() }),
          remainingMs: z.int().optional().meta({ description: 'absent where it never ends by itself' }),
        }),
      ),
      probes: z.array(z.object({ probe: z.string(), order: z.string() })),
    }),
  },
  listProxies: {
    method: 'GET',
    path: '/api/v1/proxies',
    access: 'viewer',
    summary: 'MCP and model proxies that ask for their orders now',
    params: none,
    query: z.object({ agent: z.string().max(600).optional().meta({ description: 'agent id or name' }) }),
    response: z.object({ items: z.array(proxySchema) }),
  },
  orderProxies: {
    idempotencyKey: true,
    method: 'POST',
    path: '/api/v1/proxy-orders',
    access: 'responder',
    summary: 'Tells the proxies of an agent to hold something, and waits until those that run have answered',
    params: none,
    query: none,
    body: z.object({
      agent: z.string().min(1).max(600).meta({ description: 'agent id or name, of a proxy that runs' }),
      incident: z.string().min(1).max(64),
      server: z.string().max(512).optional(),
      hold: holdSchema,
      ttlMs: z
        .int()
        .min(0)
        .max(30 * 24 * 3_600_000)
        .meta({ description: '0 never ends by itself' }),
      reason: z.string().trim().min(1).max(1_000),
    }),
    response: proxyOrderSchema,
  },
  listProxyOrders: {
    method: 'GET',
    path: '/api/v1/proxy-orders',
    access: 'viewer',
    summary: 'Orders to proxies, the newest first, each as its last step left it',
    params: none,
    query: z.object({
      agent: z.string().max(600).optional().meta({ description: 'agent id or name' }),
      incident: z.string().max(64).optional(),
    }),
    response: z.object({
      items: z.array(proxyOrderSchema),
      older: z.int().meta({ description: 'older ones, all of them over, that only the log has' }),
    }),
  },
  probeProxyOrder: {
    method: 'POST',
    path: '/api/v1/proxy-orders/{order}/probe',
    access: 'responder',
    summary: 'Tries whether it holds: with made-up messages in each proxy, and by what was recorded since',
    params: z.object({ order: orderId }),
    query: none,
    body: none,
    response: z.object({ order: proxyOrderSchema, checks: z.array(checkSchema) }),
  },
  releaseProxyOrder: {
    method: 'POST',
    path: '/api/v1/proxy-orders/{order}/release',
    access: 'responder',
    summary: 'Ends it, and waits until the proxies that run have heard of it',
    params: z.object({ order: orderId }),
    query: none,
    body: z.object({ reason: z.string().trim().min(1).max(1_000) }),
    response: proxyOrderSchema,
  },
} as const
