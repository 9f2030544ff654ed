import { z } from 'zod'

/** What MCP and model proxies hand in. */
export const proxyRoutes = {
  postProxyBatch: {
    method: 'POST',
    path: '/api/v1/proxies/{kind}/batches',
    access: 'admin',
    summary: 'Takes in what a proxy saw: answered once it is durable, and once only however often it is sent',
    params: z.object({ kind: z.enum(['mcp-proxy', 'llm-proxy']) }),
    query: z.object({
      start: z
        .string()
        .regex(/^[0-9a-f]{16}$/)
        .meta({ description: 'one run of the proxy' }),
      sequence: z.coerce.number().int().min(1).meta({ description: 'counts upwards within the run' }),
    }),
    body: 'bytes',
    response: z.object({ acknowledged: z.int(), status: z.enum(['stored', 'known']) }),
  },
} as const
