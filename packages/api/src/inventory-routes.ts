import { z } from 'zod'
import {
  bomDiffSchema,
  bomSchema,
  diffQuerySchema,
  identityRowSchema,
  instantQuerySchema,
  inventoryFindingSchema,
} from './inventory-schemas.ts'

const none = z.object({})
const agentParams = z.object({ agent: z.string() })

/** What agents are made of: inventory at an instant, changes, export, findings. */
export const inventoryRoutes = {
  getBom: {
    method: 'GET',
    path: '/api/v1/agents/{agent}/bom',
    access: 'viewer',
    summary: 'What an agent is made of at an instant: declared, loaded and called, each with proof',
    params: agentParams,
    query: instantQuerySchema,
    response: bomSchema,
  },
  getBomDiff: {
    method: 'GET',
    path: '/api/v1/agents/{agent}/bom/diff',
    access: 'viewer',
    summary: 'What changed between two instants, with when, proof and who',
    params: agentParams,
    query: diffQuerySchema,
    response: bomDiffSchema,
  },
  exportBom: {
    method: 'GET',
    path: '/api/v1/agents/{agent}/bom/cyclonedx',
    access: 'viewer',
    summary: 'The AI-BOM as CycloneDX 1.7',
    etag: 'of-bytes',
    params: agentParams,
    query: instantQuerySchema,
    response: z.record(z.string(), z.unknown()),
  },
  listInventoryFindings: {
    method: 'GET',
    path: '/api/v1/inventory/findings',
    access: 'viewer',
    summary: 'Where what is declared and what runs differ, over all agents or of one',
    params: none,
    query: z.object({ agent: z.string().max(600).optional() }),
    response: z.object({ items: z.array(inventoryFindingSchema) }),
  },
  listIdentities: {
    method: 'GET',
    path: '/api/v1/inventory/identities',
    access: 'viewer',
    summary: 'Non-human identities and the agents that use them',
    params: none,
    query: none,
    response: z.object({ items: z.array(identityRowSchema) }),
  },
} as const
