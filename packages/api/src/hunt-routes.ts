import { HUNT_FIELDS, HUNT_QUERY_CHARACTERS } from '@holdfast/model'
import { z } from 'zod'
import { nanoSchema, rfc3339Schema } from './schemas.ts'

const none = z.object({})
const fieldSchema = z.enum(HUNT_FIELDS)
const querySchema = z.object({
  q: z
    .string()
    .max(HUNT_QUERY_CHARACTERS)
    .optional()
    .meta({ description: 'tool:wire_refund -agent:"billing bot" kind:exec text:"ignore all" invoice*' }),
  from: z.string().max(80).optional().meta({ description: 'the first instant that counts, in any form with a zone' }),
  to: z.string().max(80).optional().meta({ description: 'the first instant that does not count' }),
  clock: z
    .enum(['happened', 'recorded'])
    .optional()
    .meta({ description: 'whose clock the window goes by: that of who told of it, or ours' }),
  cursor: z.string().max(40).optional(),
})

/** How far an answer looked, so that it never passes for more. */
const progressSchema = z.object({
  scanned: z.int().meta({ description: 'events looked through for this answer' }),
  of: z.int().meta({ description: 'events that there are' }),
  behind: z.int().meta({ description: 'log entries not yet among them' }),
  texts: z
    .object({
      read: z.int().meta({ description: 'log entries whose texts were looked into' }),
      unread: z.int().meta({ description: 'of these, entries whose content is erased or in cold storage' }),
    })
    .optional()
    .meta({ description: 'where the query asks for captured text' }),
  areCasesCut: z
    .boolean()
    .meta({ description: 'true where there are more cases than incident and signal were told from' }),
  nextCursor: z.string().optional().meta({ description: 'goes on where this answer stopped; absent at the end' }),
  understood: z.object({
    from: rfc3339Schema.optional(),
    to: rfc3339Schema.optional(),
    fromText: z.string().optional().meta({ description: 'how `from` was read' }),
    toText: z.string().optional(),
  }),
})

const huntRowSchema = z
  .object({
    id: z.string().meta({ description: 'id of the event' }),
    entry: z.int().meta({ description: 'log position' }),
    claimedAt: nanoSchema,
    recordedAt: nanoSchema,
    label: z.string().meta({ description: 'one line that names the act; untrusted' }),
    agentName: z.string().meta({ description: 'untrusted' }),
    values: z
      .record(z.string(), z.string())
      .meta({ description: 'the value of each field that the event has; untrusted' }),
  })
  .meta({ id: 'HuntRow' })

export type HuntRowWire = z.output<typeof huntRowSchema>

const facetSchema = z.object({
  field: fieldSchema,
  values: z.array(
    z.object({
      value: z.string().meta({ description: 'as it is asked for; untrusted' }),
      label: z.string().optional().meta({ description: 'a name to show; untrusted' }),
      count: z.int(),
    }),
  ),
  distinct: z.int(),
  isCut: z.boolean().meta({ description: 'true where there are more values than are counted apart' }),
  rest: z.int().meta({ description: 'events with another value than those listed' }),
  without: z.int().meta({ description: 'events that have no such value' }),
})

export type HuntFacetWire = z.output<typeof facetSchema>

const histogramSchema = z.object({
  from: rfc3339Schema,
  to: rfc3339Schema,
  bars: z.array(z.int()).meta({ description: 'events in parts of equal width' }),
  untimed: z.int().meta({ description: 'events that state no time' }),
})

export type HuntHistogramWire = z.output<typeof histogramSchema>

const viewTextSchema = z.object({
  name: z.string().trim().min(1).max(120),
  q: z.string().max(HUNT_QUERY_CHARACTERS),
  from: z.string().max(80).optional().meta({ description: 'as typed: 2h ago stays 2h ago' }),
  to: z.string().max(80).optional(),
  clock: z.enum(['happened', 'recorded']).optional(),
  columns: z.array(fieldSchema).max(HUNT_FIELDS.length).optional(),
})

const savedViewSchema = viewTextSchema
  .extend({
    id: z.string(),
    by: z.string(),
    savedAt: nanoSchema,
    entry: z.int().meta({ description: 'log position of its last change' }),
  })
  .meta({ id: 'SavedView' })

export type SavedViewWire = z.output<typeof savedViewSchema>

const viewParams = z.object({ view: z.string().max(40) })

/** Hunting over all events, and the searches that people keep. */
export const huntRoutes = {
  hunt: {
    method: 'GET',
    path: '/api/v1/hunt',
    access: 'viewer',
    summary: 'Events that a query finds, the newest recorded first',
    params: none,
    query: querySchema.extend({ limit: z.coerce.number().int().min(1).max(1_000).optional() }),
    response: progressSchema.extend({ items: z.array(huntRowSchema) }),
  },
  huntFacets: {
    method: 'GET',
    path: '/api/v1/hunt/facets',
    access: 'viewer',
    summary: 'How often each value occurs among the events that a query finds, and when',
    params: none,
    query: querySchema.extend({
      fields: z.string().max(400).optional().meta({ description: 'fields, comma-separated; all unless told' }),
      top: z.coerce.number().int().min(1).max(1_000).optional().meta({ description: 'values of each field' }),
    }),
    response: progressSchema.extend({
      matched: z.int(),
      facets: z.array(facetSchema).meta({
        description:
          'a field that the query speaks of counts what would be found without its own terms, except beside text:',
      }),
      histogram: histogramSchema.optional(),
    }),
  },
  listSavedViews: {
    method: 'GET',
    path: '/api/v1/saved-views',
    access: 'viewer',
    summary: 'Searches that somebody saved, by name; everybody sees them',
    params: none,
    query: none,
    response: z.object({ items: z.array(savedViewSchema) }),
  },
  saveView: {
    idempotencyKey: true,
    method: 'POST',
    path: '/api/v1/saved-views',
    access: 'analyst',
    summary: 'Saves a search under a new name',
    params: none,
    query: none,
    body: viewTextSchema,
    response: savedViewSchema,
  },
  changeView: {
    method: 'PUT',
    path: '/api/v1/saved-views/{view}',
    access: 'analyst',
    summary: 'Replaces a saved search',
    params: viewParams,
    query: none,
    body: viewTextSchema,
    response: savedViewSchema,
  },
  removeView: {
    method: 'DELETE',
    path: '/api/v1/saved-views/{view}',
    access: 'analyst',
    summary: 'Removes a saved search; the log keeps that it was',
    params: viewParams,
    query: none,
    response: z.object({ entry: z.int().meta({ description: 'log position' }) }),
  },
} as const
