import { z } from 'zod'
import { checkpointSchema, integritySchema, rawEntrySchema } from './log-schemas.ts'
import { pageOf, pageQuerySchema } from './schemas.ts'

const none = z.object({})

/** The log itself: its bytes as received, what proves them, and how whole it is. */
export const logRoutes = {
  getRawEntry: {
    method: 'GET',
    path: '/api/v1/log/entries/{index}',
    access: 'analyst',
    summary: 'The bytes as received',
    params: z.object({ index: z.coerce.number().int().min(0) }),
    query: none,
    response: rawEntrySchema,
  },
  getProof: {
    method: 'GET',
    path: '/api/v1/log/entries/{index}/proof',
    access: 'viewer',
    summary: 'Inclusion proof as c2sp.org/tlog-proof@v1',
    params: z.object({ index: z.coerce.number().int().min(0) }),
    query: none,
    response: z.object({ proof: z.string() }),
  },
  getIntegrity: {
    method: 'GET',
    path: '/api/v1/integrity',
    access: 'viewer',
    summary: 'Log, checkpoints, gaps, disk, capture coverage',
    params: none,
    query: none,
    response: integritySchema,
  },
  getCheckpoint: {
    method: 'GET',
    path: '/api/v1/log/checkpoint',
    access: 'viewer',
    summary: 'The newest signed checkpoint',
    params: none,
    query: none,
    response: checkpointSchema,
  },
  makeCheckpoint: {
    method: 'POST',
    path: '/api/v1/log/checkpoint',
    access: 'analyst',
    summary: 'Signs a checkpoint now',
    params: none,
    query: none,
    response: checkpointSchema,
  },
  getConsistency: {
    method: 'GET',
    path: '/api/v1/log/consistency',
    access: 'viewer',
    summary: 'RFC 6962 consistency proof between two sizes',
    params: none,
    query: z.object({ from: z.coerce.number().int().min(0), to: z.coerce.number().int().min(0).optional() }),
    response: z.object({
      from: z.int(),
      to: z.int(),
      proof: z.array(z.string()).meta({ description: 'base64 hashes' }),
    }),
  },
  listCheckpoints: {
    method: 'GET',
    path: '/api/v1/log/checkpoints',
    access: 'viewer',
    summary: 'Stored checkpoints, newest first',
    params: none,
    query: pageQuerySchema,
    response: pageOf(checkpointSchema),
  },
  getLeaves: {
    method: 'GET',
    path: '/api/v1/log/leaves',
    access: 'viewer',
    summary: 'Leaf entries of 77 bytes each, one after the other',
    params: none,
    query: z.object({ from: z.coerce.number().int().min(0), count: z.coerce.number().int().min(1).max(65_536) }),
    response: 'application/octet-stream',
  },
} as const
