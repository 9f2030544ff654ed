import { z } from 'zod'
import { checkSchema } from './doctor-schemas.ts'

const none = z.object({})

const connectorSchema = z
  .object({
    name: z.string().meta({ description: 'as plans name it, such as kubernetes:prod' }),
    system: z.enum(['kubernetes', 'aws']),
    reaches: z.string(),
  })
  .meta({ id: 'Connector' })

export type ConnectorWire = z.output<typeof connectorSchema>

const sweptSchema = z
  .object({
    connector: z.string(),
    target: z.string(),
    incident: z.string(),
    expired: z.string().meta({ description: 'when its time was over, RFC 3339' }),
    status: z.enum(['released', 'failed']),
    detail: z.string(),
  })
  .meta({ id: 'SweptHold' })

export type SweptHoldWire = z.output<typeof sweptSchema>

/** Systems in which an incident can be held. */
export const connectorRoutes = {
  listConnectors: {
    method: 'GET',
    path: '/api/v1/connectors',
    access: 'viewer',
    summary: 'Systems that plans can act in; asks none of them',
    params: none,
    query: none,
    response: z.object({ items: z.array(connectorSchema) }),
  },
  testConnector: {
    method: 'POST',
    path: '/api/v1/connectors/{connector}/test',
    access: 'responder',
    summary: 'Asks a system who we are there and what we may; changes nothing',
    params: z.object({ connector: z.string() }),
    query: none,
    body: none,
    response: z.object({ checks: z.array(checkSchema) }),
  },
  sweepConnectors: {
    method: 'POST',
    path: '/api/v1/connectors/sweep',
    access: 'responder',
    summary: 'Releases holds whose time is over, by what stands in the systems themselves',
    params: none,
    query: none,
    body: none,
    response: z.object({
      items: z.array(sweptSchema),
      unasked: z
        .array(z.object({ connector: z.string(), detail: z.string() }))
        .meta({ description: 'systems that could not be looked through' }),
    }),
  },
} as const
