import { LOSS_PLACES } from '@holdfast/model'
import { z } from 'zod'
import { MAX_ENDINGS, MAX_LOSSES, MAX_WATCHED } from './limits.ts'

const text = z.string().max(256)
const id = z.string().regex(/^[A-Za-z0-9-]{1,64}$/)

/** Which run of which sensor speaks. */
export const speakerSchema = z.object({ sensor: id, start: id })
export type Speaker = z.output<typeof speakerSchema>

const programSchema = z
  .object({ name: text, attached: z.boolean(), error: z.string().max(1_000).optional() })
  .transform(({ error, ...program }) => ({ ...program, ...(error === undefined ? {} : { error }) }))

const watchedSchema = z
  .object({
    cgroup: text,
    path: z.string().max(4_096),
    agent: z.string().max(600),
    agentName: text,
    run: text.optional(),
    egress: z.object({ artifact: text, mode: z.enum(['monitor', 'enforce']) }).optional(),
  })
  .transform(({ run, egress, ...watched }) => ({
    ...watched,
    ...(run === undefined ? {} : { run }),
    ...(egress === undefined ? {} : { egress }),
  }))

const tlsSchema = z.object({
  program: z.string().max(4_096),
  status: z.enum(['hooked', 'partly', 'not-hookable', 'refused', 'no-tls-seen']),
  seen: z.array(z.string().max(4_200)).max(64),
  unseen: z.array(z.string().max(4_200)).max(64),
})

/** `POST /sensor/v1/reports`. */
export const reportSchema = z.object({
  report: z.object({
    sensor: id,
    start: id,
    state: z.enum(['running', 'stopped']),
    host: text,
    kernel: text,
    bootId: text,
    programs: z.array(programSchema).max(512),
    unseen: z.array(z.string().max(1_000)).max(256),
    tls: z.array(tlsSchema).max(256).default([]),
  }),
  watched: z.array(watchedSchema).max(MAX_WATCHED),
})

/** `POST /sensor/v1/lost`. */
export const lossesSchema = z.object({
  losses: z
    .array(
      z.object({
        cgroup: text,
        agentName: text,
        place: z.enum(LOSS_PLACES),
        series: z.int().min(0).default(0),
        byType: z.record(text, z.int().min(0)),
      }),
    )
    .max(MAX_LOSSES),
})

/** `POST /sensor/v1/results`: one answer. */
export const resultSchema = z.object({
  id: z.string().max(64),
  result: z.discriminatedUnion('ok', [
    z
      .object({ ok: z.literal(true), detail: z.record(z.string(), z.unknown()).optional() })
      .transform(({ detail }) => ({ ok: true as const, ...(detail === undefined ? {} : { detail }) })),
    z.object({ ok: z.literal(false), error: z.string().max(4_096) }),
  ]),
})

/** `POST /sensor/v1/endings`: holds that are over without the server's word. */
export const endingsSchema = z.object({
  endings: z
    .array(
      z.object({
        containment: z.string().max(64),
        path: z.string().max(4_096),
        reason: z.string().max(256),
        left: z.int().min(0),
      }),
    )
    .max(MAX_ENDINGS),
})

/** `POST /sensor/v1/enrol`: a sensor of another host. */
export const enrolSchema = z.object({ token: text, publicKey: z.string().max(1_000), proof: text })
