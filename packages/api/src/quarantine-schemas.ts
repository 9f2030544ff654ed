import { z } from 'zod'
import { nanoSchema } from './schemas.ts'

export const itemSchema = z.object({
  kind: z.enum(['document', 'memory', 'tool-description', 'message']),
  source: z.string().min(1).max(600).meta({ description: 'corpus, store or server' }),
  id: z.string().min(1).max(600),
  version: z.string().min(1).max(200).optional().meta({ description: 'any version unless told' }),
  digest: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional(),
})

const quarantinedSchema = z.object({
  item: itemSchema,
  incident: z.string().optional(),
  copies: z.array(z.int()).meta({ description: 'log positions that hold its text: the evidence copy' }),
  reason: z.string(),
  by: z.string(),
  at: nanoSchema,
  entry: z.int(),
})

export const quarantineSchema = z.object({
  items: z.array(quarantinedSchema),
  pins: z
    .array(z.object({ source: z.string(), id: z.string(), without: z.array(z.string()) }))
    .meta({ description: 'documents of which only some versions are held: any other may be retrieved' }),
  digest: z.string().meta({ description: 'of the items: the same as before means that nothing has changed' }),
})
