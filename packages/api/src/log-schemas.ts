import { z } from 'zod'
import { nanoSchema, rfc3339Schema } from './schemas.ts'

const hexDigest = z.string().regex(/^[0-9a-f]{64}$/)

export const rawEntrySchema = z
  .object({
    index: z.int(),
    recordedAt: nanoSchema,
    encoding: z.string(),
    leaf: z.string().meta({ description: 'the leaf entry, base64' }),
    body: z
      .string()
      .optional()
      .meta({ description: 'the received bytes, credentials masked, base64; absent once erased' }),
    bodyBytes: z.int(),
    masks: z.array(z.object({ rule: z.string(), start: z.int(), bytes: z.int() })),
  })
  .meta({ id: 'RawEntry' })

export const checkpointSchema = z
  .object({
    size: z.int(),
    rootHash: hexDigest,
    note: z.string().meta({ description: 'C2SP signed note' }),
  })
  .meta({ id: 'Checkpoint' })

export const gapSchema = z
  .object({
    entry: z.int(),
    reason: z.string(),
    sender: z.string(),
    channel: z.string(),
    records: z.int().optional(),
    requests: z.int(),
    from: rfc3339Schema,
    to: rfc3339Schema,
    detail: z.string(),
  })
  .meta({ id: 'Gap' })

export const integritySchema = z
  .object({
    size: z.int(),
    rootHash: hexDigest,
    checkpoint: checkpointSchema.optional(),
    checkpointAgeMs: z.number().optional(),
    publicKey: z.string().meta({ description: 'C2SP verifier key of the log' }),
    gaps: z.array(gapSchema).meta({ description: 'newest first, at most 100' }),
    gapsTotal: z.int(),
    counts: z.object({ received: z.int(), stored: z.int(), refused: z.int(), lost: z.int(), duplicates: z.int() }),
    disk: z.object({
      folderBytes: z.int().meta({ description: 'of the whole data folder' }),
      logBytes: z.int().meta({ description: 'of the log itself' }),
      projectionBytes: z.int().meta({ description: 'of what is made of the log, and made anew where it is gone' }),
      rawBytes: z.int().meta({ description: 'of what was received, before compression' }),
      freeBytes: z.int(),
      totalBytes: z.int(),
      runwayDays: z.number().optional().meta({
        description: 'at least, at the rate of the last 24 h, projections counted; absent before there is a rate',
      }),
      rateHours: z.number().optional().meta({ description: 'hours of records that the rate was counted from' }),
    }),
    projection: z.object({
      cursor: z.int(),
      lag: z.int(),
      reach: z.int().meta({ description: 'log entries that every projection has folded, the slowest too' }),
    }),
    streams: z.array(
      z.object({
        agent: z.string(),
        name: z.string(),
        channel: z.string(),
        lastRecorded: rfc3339Schema,
        entries: z.int(),
        mappedShare: z.number(),
        captured: z.number().meta({ description: 'share of contents captured, 0 to 1' }),
      }),
    ),
    policy: z
      .object({ name: z.string(), senders: z.string(), content: z.string() })
      .optional()
      .meta({ description: 'absent: nothing is stored' }),
  })
  .meta({ id: 'Integrity' })
