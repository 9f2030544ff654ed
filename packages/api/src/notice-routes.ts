import { z } from 'zod'
import { nanoSchema } from './schemas.ts'

const none = z.object({})

const deliverySchema = z.object({
  channel: z.string(),
  status: z.enum(['waiting', 'delivered', 'given-up']),
  attempts: z.int().meta({ description: 'tries since it was told, or asked for again' }),
  nextTryAt: nanoSchema.optional(),
  code: z.int().optional().meta({ description: 'what the other side answered' }),
  detail: z.string().optional(),
  reference: z.string().optional().meta({ description: 'the other side’s name of what was made there' }),
})

const noticeSchema = z
  .object({
    id: z.string(),
    kind: z.string(),
    incident: z.string(),
    severity: z.string(),
    title: z.string(),
    lines: z.array(z.string()),
    for: z.array(z.string()),
    plan: z.string().optional(),
    at: nanoSchema,
    entry: z.int().meta({ description: 'log position' }),
    deliveries: z.array(deliverySchema),
  })
  .meta({ id: 'Notice' })

export type NoticeWire = z.output<typeof noticeSchema>

const channelSchema = z
  .object({
    name: z.string(),
    type: z.string(),
    waiting: z.int(),
    delivered: z.int(),
    givenUp: z.int(),
    failing: z.string().optional().meta({ description: 'what the newest try said, where it failed' }),
  })
  .meta({ id: 'NoticeChannel' })

export type NoticeChannelWire = z.output<typeof channelSchema>

/** What people and other systems are told, and whether they got it. */
export const noticeRoutes = {
  listNotices: {
    method: 'GET',
    path: '/api/v1/notices',
    access: 'viewer',
    summary: 'Notices with what became of them, the newest first',
    params: none,
    query: z.object({
      incident: z.string().max(200).optional(),
      status: z.enum(['waiting', 'delivered', 'given-up']).optional(),
      limit: z.coerce.number().int().min(1).max(500).optional(),
    }),
    response: z.object({
      items: z.array(noticeSchema),
      total: z.int(),
      older: z.int().meta({ description: 'older ones that only the log has' }),
    }),
  },
  replayNotice: {
    idempotencyKey: true,
    method: 'POST',
    path: '/api/v1/notices/{notice}/replay',
    access: 'responder',
    summary: 'Sends a notice again, under the same key; to one channel or to all that it went to',
    params: z.object({ notice: z.string() }),
    query: none,
    body: z.object({ channel: z.string().max(60).optional() }),
    response: noticeSchema,
  },
  listChannels: {
    method: 'GET',
    path: '/api/v1/channels',
    access: 'viewer',
    summary: 'Where notices go, and how each does',
    params: none,
    query: none,
    response: z.object({ items: z.array(channelSchema) }),
  },
  testChannel: {
    method: 'POST',
    path: '/api/v1/channels/{channel}/test',
    access: 'responder',
    summary: 'Sends a test notice, and answers after the first try',
    params: z.object({ channel: z.string() }),
    query: none,
    body: none,
    response: deliverySchema,
  },
} as const
