import { formatRfc3339, parseRfc3339 } from '@holdfast/model'
import { HUNT_FIELDS, HUNT_QUERY_CHARACTERS } from '@holdfast/model'
import { FLEET_MARKS, SIGN_IN_FAULTS } from '@holdfast/api'
import { z } from 'zod'
import { parseZone } from './time/zone.ts'

/** An instant in the address: RFC 3339 with any zone, kept in UTC. */
const instant = z
  .string()
  .max(64)
  .transform((text, context) => {
    const at = parseRfc3339(text)
    if (at !== undefined) return formatRfc3339(at)
    context.addIssue({ code: 'custom', message: 'no RFC 3339 time' })
    return z.NEVER
  })
  .optional()
  .catch(undefined)

/** On every page: the instant that it shows, by which clock, and in which zone; now, as it happened, in UTC unless told. */
export const timeSearch = z.object({
  at: instant,
  /** What the log knew by then, in place of what had happened by then. */
  by: z.literal('known').optional().catch(undefined),
  /** The zone in which times are shown; UTC unless told, and where no zone has that name. */
  zone: z.string().max(64).transform(parseZone).optional().catch(undefined),
})
export type TimeSearch = z.output<typeof timeSearch>

/** The URL is the state: what a page may be asked for, and what it shows where the address says nothing. */
export const conversationSearch = z.object({
  view: z.enum(['graph', 'tree', 'table']).catch('graph').default('graph'),
  mode: z.enum(['aggregated', 'as-run']).catch('aggregated').default('aggregated'),
  /** Id of the selected node of the execution graph. */
  node: z.string().max(500).optional().catch(undefined),
  /** Id of an event whose node is to be selected; search results link with it. */
  event: z.string().max(500).optional().catch(undefined),
  /** What to mark from the selected node: what set it off, or what it reached. */
  path: z.enum(['trigger', 'reach']).optional().catch(undefined),
  /** The event that the trigger path leads through: the text that asked for the deed. */
  via: z.string().max(500).optional().catch(undefined),
  /** Text to find among the labels. */
  q: z.string().max(200).optional().catch(undefined),
  /** Node kinds that are left out, comma-separated. */
  hide: z.string().max(300).optional().catch(undefined),
  /** In tree and table, only what the kernel saw and is joined to no act of the agent. */
  only: z.literal('unjoined').optional().catch(undefined),
  /** Draw as many nodes as can be laid out, in place of as many as can be read. */
  limit: z.literal(300).optional().catch(undefined),
  /** Other conversations that are shown as one graph with this one, as the API takes them. */
  with: z.string().max(4_000).optional().catch(undefined),
  /** Without what joins so much that nothing else can be read. */
  hubs: z.literal('hidden').optional().catch(undefined),
  /** Nodes or groups that are left out, comma-separated. */
  without: z.string().max(8_000).optional().catch(undefined),
})
export type ConversationSearch = z.output<typeof conversationSearch>

export const fleetSearch = z.object({
  /** The agents that bear this mark. */
  mark: z.enum(FLEET_MARKS).optional().catch(undefined),
  class: z.string().max(40).optional().catch(undefined),
  /** All agents as rows in place of tiles. */
  view: z.literal('table').optional().catch(undefined),
})

export const agentsSearch = z.object({
  q: z.string().max(200).optional().catch(undefined),
  'sign-in': z.enum(SIGN_IN_FAULTS).optional().catch(undefined),
})
export const agentSearch = z.object({ q: z.string().max(200).optional().catch(undefined) })

export const inventorySearch = z.object({
  /** The instant that is shown, in RFC 3339; now unless told. */
  at: instant,
  /** The instant that it is compared with. */
  since: instant,
})

export const baselineSearch = z.object({
  /** As claimed by this instant; the newest unless told. */
  at: instant,
  /** The dimension that is drawn; the one that decides unless told. */
  dimension: z.string().max(40).optional().catch(undefined),
})

export const scopeSearch = z.object({
  /** The end of the window, in RFC 3339; the newest record unless told. */
  at: instant,
})

export const policySearch = z.object({
  /** Pointer of the line that is open. */
  line: z.string().max(1_000).optional().catch(undefined),
  /** The policy that stands beside it. */
  beside: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional()
    .catch(undefined),
})

export const incidentsSearch = z.object({
  agent: z.string().max(600).optional().catch(undefined),
  /** Instructions that were taken up without an effect, too. */
  attempts: z.literal(true).optional().catch(undefined),
})

export const incidentSearch = z.object({
  /** Cell of the runbooks that is open: `reasoning-compromise/contain`. */
  cell: z.string().max(60).optional().catch(undefined),
  /** Whose acts the timeline shows; all unless told. */
  who: z.enum(['agent', 'detection', 'operator', 'product']).optional().catch(undefined),
  /** As much of the timeline as there is to be had. */
  all: z.literal(true).optional().catch(undefined),
})

export const diagnosticSearch = z.object({
  /** The one with the most records unless told. */
  agent: z.string().max(600).optional().catch(undefined),
  /** As of this instant; its newest record unless told. */
  at: instant,
  /** The question that is opened. */
  question: z.enum(['Q1', 'Q2', 'Q3', 'Q4', 'Q5']).optional().catch(undefined),
  /** The day whose statement is shown; today unless told. */
  day: z.iso.date().optional().catch(undefined),
})

export const auditSearch = z.object({
  kind: z.enum(['violation', 'incident']).optional().catch(undefined),
  /** Violations of this artifact alone. */
  artifact: z.string().max(100).optional().catch(undefined),
})

/** A number in the address is read as one by the router, and an epoch or a word may be all digits. */
const typed = (most: number) =>
  z
    .union([z.string(), z.number()])
    .transform((value) => String(value).slice(0, most))
    .optional()
    .catch(undefined)

export const tailSearch = z.object({
  agent: z.string().max(600).optional().catch(undefined),
  include: z.string().max(200).optional().catch(undefined),
  exclude: z.string().max(200).optional().catch(undefined),
  highlight: z.string().max(200).optional().catch(undefined),
  /** From then on, as typed: `10m ago` counts from whenever it is opened. */
  since: typed(80),
  kind: z.string().max(40).optional().catch(undefined),
  q: z.string().max(HUNT_QUERY_CHARACTERS).optional().catch(undefined),
})
export type TailSearch = z.output<typeof tailSearch>

export const huntSearch = z.object({
  q: typed(HUNT_QUERY_CHARACTERS),
  /** As typed: `2h ago` counts from whenever it is opened. */
  from: typed(80),
  to: typed(80),
  clock: z.literal('recorded').optional().catch(undefined),
  /** Columns of the table, comma-separated. */
  cols: z.string().max(300).optional().catch(undefined),
  /** Id of the event that is open. */
  event: z.string().max(500).optional().catch(undefined),
  /** The column whose values are counted in place of the events. */
  stack: z.enum(HUNT_FIELDS).optional().catch(undefined),
})
export type HuntSearch = z.output<typeof huntSearch>

export const integritySearch = z.object({
  /** Index of a log entry whose leaf and proof are shown. */
  entry: z.coerce.number().int().min(0).optional().catch(undefined),
})

/** A number in the address is read as one by the router, and an id may be all digits. */
export const openSearch = z.object({
  q: z
    .union([z.string(), z.number()])
    .transform((value) => String(value).slice(0, 300))
    .optional()
    .catch(undefined),
})

/** A document or a tool, by its id or name. */
export const sourceSearch = z.object({ document: typed(1_000), tool: typed(1_000) })

/** The kinds in `hide`. */
export function hiddenKinds(hide: string | undefined): readonly string[] {
  return hide === undefined ? [] : hide.split(',').filter((kind) => kind !== '')
}
