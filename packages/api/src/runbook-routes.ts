import { INCIDENT_TYPES } from '@holdfast/model'
import { z } from 'zod'

const none = z.object({})

const importSchema = z
  .object({
    status: z.enum(['runbook-draft', 'steps-draft', 'refused']),
    name: z.string().optional(),
    runbook: z.string().optional().meta({ description: 'the draft as the YAML of runbooks/, to be read and edited' }),
    steps: z.array(z.object({ id: z.string(), name: z.string(), by: z.string(), says: z.string() })),
    problems: z.array(z.string()),
  })
  .meta({ id: 'RunbookImport' })

export type RunbookImportWire = z.output<typeof importSchema>

/** Runbooks as others write them. */
export const runbookRoutes = {
  exportRunbook: {
    method: 'GET',
    path: '/api/v1/runbooks/{type}/cacao',
    access: 'viewer',
    summary: 'A runbook as seven CACAO 2.0 playbooks, one that calls six',
    params: z.object({ type: z.enum(INCIDENT_TYPES) }),
    query: none,
    response: z.object({ playbooks: z.array(z.unknown()) }),
  },
  importRunbook: {
    method: 'POST',
    path: '/api/v1/runbooks/cacao',
    access: 'analyst',
    summary: 'Reads CACAO 2.0 playbooks that belong together; gives a draft and changes nothing',
    params: none,
    query: none,
    body: z.object({ playbooks: z.array(z.unknown()).min(1).max(64) }),
    response: importSchema,
  },
} as const
