import { ANNOTATION_SUBJECTS, ANNOTATION_TYPES } from '@holdfast/model'
import { z } from 'zod'
import { nanoSchema, rfc3339Schema } from './schemas.ts'

const params = z.object({ annotation: z.string().regex(/^[\w-]{8,64}$/) })
const typeSchema = z.enum(ANNOTATION_TYPES)
const subjectKindSchema = z.enum(ANNOTATION_SUBJECTS)
const subjectSchema = z.object({ kind: subjectKindSchema, id: z.string().min(1).max(900) })

const placeSchema = z.object({
  event: z.string().max(500).optional(),
  node: z.string().max(500).optional(),
  at: rfc3339Schema.optional().meta({ description: 'the instant that is meant' }),
  path: z
    .string()
    .max(2_000)
    .regex(/^\/(?![/\\])/)
    .optional()
    .meta({ description: 'path and query of the workspace that show it' }),
})

const annotationSchema = z
  .object({
    id: z.string(),
    type: typeSchema,
    subject: subjectSchema,
    place: placeSchema.optional(),
    text: z.string(),
    edit: z.int().meta({ description: 'counts from 1; the next save has a higher one' }),
    by: z.string(),
    at: nanoSchema.meta({ description: 'when it was first saved' }),
    editedAt: nanoSchema.meta({ description: 'when it was last saved' }),
    entries: z.array(z.int()).meta({ description: 'log positions of the first save and the last' }),
  })
  .meta({ id: 'Annotation' })

export type AnnotationWire = z.output<typeof annotationSchema>

/** Notes, pins and bookmarks beside what was recorded. Each save is a record of the log. */
export const annotationRoutes = {
  listAnnotations: {
    method: 'GET',
    path: '/api/v1/annotations',
    access: 'viewer',
    summary: 'Notes, pins and bookmarks, the latest saved first',
    params: z.object({}),
    query: z.object({
      kind: subjectKindSchema.optional(),
      subject: z.string().max(900).optional().meta({ description: 'id of what they are about; goes with kind' }),
      type: typeSchema.optional(),
      limit: z.coerce.number().int().min(1).max(500).optional(),
    }),
    response: z.object({
      items: z.array(annotationSchema),
      total: z.int(),
      older: z.int().meta({ description: 'older ones, of whatever subject, that only the log has' }),
    }),
  },
  putAnnotation: {
    method: 'PUT',
    path: '/api/v1/annotations/{annotation}',
    access: 'analyst',
    summary: 'Saves an annotation as it is typed, under an id of its writer; 409 where a later save is kept already',
    params,
    query: z.object({}),
    body: z.object({
      type: typeSchema,
      subject: subjectSchema,
      place: placeSchema.optional(),
      text: z.string().max(4_000),
      edit: z.int().min(1).max(1_000_000),
    }),
    response: annotationSchema,
  },
  removeAnnotation: {
    method: 'DELETE',
    path: '/api/v1/annotations/{annotation}',
    access: 'analyst',
    summary: 'Takes an annotation out of sight; what it said stays in the log',
    params,
    query: z.object({}),
    response: z.object({ entry: z.int().meta({ description: 'log position' }) }),
  },
} as const
