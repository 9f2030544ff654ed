import type { Answer } from '@holdfast/api'
import { z } from 'zod'
import { resolveAgent } from '../../../server/resolve-id.ts'
import { captured, capturedSchema, idGiven, idShown } from '../captured.ts'
import { ROWS } from '../limits.ts'
import { tool } from '../tool.ts'

const instant = z.iso.datetime({ offset: true }).describe('RFC 3339')
const agent = z.string().max(600).describe('agent id, name or the beginning of either')
const part = z.object({ name: capturedSchema, version: capturedSchema.optional(), digest: z.string().optional() })

type Part = { readonly name: string; readonly version?: string | undefined; readonly digest?: string | undefined }

/** What an agent was made of at an instant. */
export const getBomAt = tool({
  name: 'get_bom_at',
  title: 'AI-BOM at an instant',
  description:
    'What an agent was made of at an instant: models, data sources, tools, infrastructure and identities, each declared, loaded or called, with its proof.',
  isReadOnly: true,
  input: z.object({
    agent,
    at: instant.optional().describe('as it had happened by then; now unless told'),
    known_at: instant.optional().describe('as the log held it by then'),
  }),
  output: z.object({
    agent: z.string(),
    at: z.string().optional(),
    class: z.string(),
    entries: z.int().describe('log entries that were known'),
    categories: z.array(
      z.object({
        category: z.string(),
        state: z.enum(['filled', 'empty']),
        reason: z.string().optional(),
        rows: z.array(
          part.extend({
            kind: z.string(),
            standing: z.enum(['declared', 'observed', 'both']),
            tier: z.string().optional(),
            entries: z.array(z.int()),
          }),
        ),
        total: z.int(),
      }),
    ),
    findings: z.array(z.object({ kind: z.string(), since: z.string(), entries: z.array(z.int()) })),
  }),
  async run(api, { agent: asked, at, known_at: knownAt }) {
    const { id } = await resolveAgent(api, idGiven(asked))
    const bom = await api.call('getBom', {
      params: { agent: id },
      query: { ...(at === undefined ? {} : { at }), ...(knownAt === undefined ? {} : { knownAt }) },
    })
    return {
      agent: idShown(bom.agent),
      at: bom.at,
      class: bom.class,
      entries: bom.entries,
      categories: bom.categories.map(({ category, state, reason, rows }) => ({
        category,
        state,
        reason,
        rows: rows.slice(0, ROWS).map(rowShown),
        total: rows.length,
      })),
      findings: bom.findings.slice(0, ROWS).map(({ kind, since, proof }) => ({ kind, since, entries: proof })),
    }
  },
})

/** What changed in an agent between two instants. */
export const diffBom = tool({
  name: 'diff_bom',
  title: 'AI-BOM difference',
  description:
    'What changed in what an agent is made of between two instants, with when, who where recorded, and proof.',
  isReadOnly: true,
  input: z.object({ agent, from: instant, to: instant.optional().describe('now unless told') }),
  output: z.object({
    agent: z.string(),
    changes: z.array(
      z.object({
        change: z.string(),
        kind: z.string(),
        name: capturedSchema,
        when: z.string().optional(),
        before: part.optional(),
        after: part.optional(),
        entries: z.array(z.int()),
        change_id: capturedSchema.optional(),
        approver: capturedSchema.optional(),
      }),
    ),
    total: z.int(),
  }),
  async run(api, { agent: asked, from, to }) {
    const { id } = await resolveAgent(api, idGiven(asked))
    const diff = await api.call('getBomDiff', {
      params: { agent: id },
      query: { from, ...(to === undefined ? {} : { to }) },
    })
    return {
      agent: idShown(diff.agent),
      changes: diff.changes.slice(0, ROWS).map(({ change, kind, name, when, before, after, proof, by }) => ({
        change,
        kind,
        name: captured(name),
        when,
        before: before && partShown(before),
        after: after && partShown(after),
        entries: proof,
        change_id: by?.changeId === undefined ? undefined : captured(by.changeId),
        approver: by?.approver === undefined ? undefined : captured(by.approver),
      })),
      total: diff.changes.length,
    }
  },
})

type BomRow = Answer<'getBom'>['categories'][number]['rows'][number]

function rowShown(row: BomRow) {
  const { kind, standing, tier, called, loaded, declared } = row
  const entries = (called ?? loaded ?? declared)?.entries ?? []
  return { ...partShown(row), kind, standing, tier, entries: entries.slice(0, ROWS) }
}

function partShown({ name, version, digest }: Part): z.input<typeof part> {
  return {
    name: captured(name),
    version: version === undefined ? undefined : captured(version),
    // A digest is what somebody stated to be one.
    digest: digest === undefined ? undefined : idShown(digest),
  }
}
