import { z } from 'zod'

const none = z.object({})
const reason = z.string().trim().min(1).max(1_000)
const time = z.iso.datetime({ offset: true }).optional().meta({ description: 'now unless told' })
const stateSchema = z.enum(['waiting', 'at-once', 'running', 'overdue', 'done'])

const dutiesSchema = z
  .object({
    notice: z.string().meta({ description: 'that this is no legal advice' }),
    reviewedBy: z.string(),
    regimes: z.array(
      z.object({
        id: z.string(),
        regime: z.string(),
        jurisdiction: z.string(),
        trigger: z.string(),
        tags: z.array(z.string()).meta({ description: 'it concerns agents whose data classes hold one of these' }),
        appliesTo: z.array(z.enum(['incident', 'action'])),
        disruptionHours: z.number().optional(),
        stages: z.array(
          z.object({ id: z.string(), from: z.string(), recipients: z.array(z.string()), says: z.string() }),
        ),
        source: z.string(),
        lastReviewed: z.string(),
        grade: z.string(),
        enabled: z.boolean(),
        decided: z.object({ by: z.string(), reason: z.string(), entry: z.int() }).optional(),
      }),
    ),
  })
  .meta({ id: 'Duties' })

export type DutiesWire = z.output<typeof dutiesSchema>

const clockSchema = z.object({
  regime: z.string(),
  stage: z.string(),
  recipients: z.array(z.string()),
  says: z.string(),
  from: z.string(),
  status: stateSchema,
  startedAt: z.string().optional(),
  dueAt: z.string().optional(),
  doneAt: z.string().optional(),
  isLate: z.boolean().optional(),
})

export type DutyClockWire = z.output<typeof clockSchema>

const clocksSchema = z.object({ incident: z.string(), notice: z.string(), clocks: z.array(clockSchema) })

/** Duties to notify: regimes that somebody turned on, and their clocks of an incident. */
export const dutyRoutes = {
  listDuties: {
    method: 'GET',
    path: '/api/v1/duties',
    access: 'viewer',
    summary: 'Regimes of duties to notify, and which of them somebody turned on',
    params: none,
    query: none,
    response: dutiesSchema,
  },
  decideDuty: {
    method: 'POST',
    path: '/api/v1/duties',
    access: 'admin',
    summary: 'Turns a regime on or off; recorded first',
    params: none,
    query: none,
    body: z.object({ regime: z.string().max(100), decision: z.enum(['enabled', 'disabled']), reason }),
    response: dutiesSchema,
  },
  getDutyClocks: {
    method: 'GET',
    path: '/api/v1/incidents/{incident}/duties',
    access: 'viewer',
    summary: 'The clocks of an incident under the regimes that are on, the soonest first',
    params: z.object({ incident: z.string() }),
    query: none,
    response: clocksSchema,
  },
  stateDuty: {
    method: 'POST',
    path: '/api/v1/incidents/{incident}/duties',
    access: 'analyst',
    summary: 'States a moment from which clocks count, or a notification that went out; recorded first',
    params: z.object({ incident: z.string() }),
    query: none,
    body: z.discriminatedUnion('do', [
      z.object({ do: z.literal('moment'), start: z.string().max(100), at: time, reason }),
      z.object({
        do: z.literal('notified'),
        regime: z.string().max(100),
        stage: z.string().max(100),
        at: time,
        reason,
      }),
    ]),
    response: clocksSchema,
  },
} as const
