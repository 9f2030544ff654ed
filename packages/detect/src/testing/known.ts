import { hash } from 'node:crypto'
import type { ProfileDimension, VolumeMeasure } from '@holdfast/model'
import type { AgentContext, CaseContext, KnownBound, KnownChange, KnownProfile } from '../known/case-context.ts'

/** A made-up past of an agent. */
export type Past = {
  /** Days that were observed; six weeks unless told. */
  readonly days?: number
  readonly entries?: Partial<Readonly<Record<ProfileDimension, readonly string[]>>>
  /** Entries that were seen on one day, long ago. */
  readonly rare?: readonly string[]
  readonly isSettled?: boolean
  readonly bounds?: Partial<Readonly<Record<VolumeMeasure, KnownBound>>>
  /** `<tool> <path>` -> names given there, each ten times. */
  readonly values?: Readonly<Record<string, readonly string[]>>
  readonly changes?: readonly KnownChange[]
  readonly more?: Partial<AgentContext>
}

/** The context of a case whose agents all have that past. */
export function knownAs({ changes = [], more = {}, ...past }: Past): CaseContext {
  const context: AgentContext = {
    class: 'support',
    profileAt: () => profileOf(past),
    authorityAt: () => undefined,
    scope: () => undefined,
    changes,
    approved: () => [],
    listed: () => undefined,
    othersAt: () => [],
    ...more,
  }
  return { ofAgent: () => context }
}

function profileOf({
  days = 42,
  entries = {},
  rare = [],
  isSettled = true,
  bounds = {},
  values = {},
}: Past): KnownProfile {
  return {
    days,
    entry: (dimension, key) => {
      if (entries[dimension]?.includes(key) !== true) return undefined
      const isRare = rare.includes(key)
      return { first: 1n, last: 2n, days: isRare ? 1 : 40, isStale: isRare }
    },
    anyServer: () => undefined,
    writesIn: (folder) => (entries.file ?? []).some((key) => key.startsWith(`write ${folder}`)),
    size: (dimension) => entries[dimension]?.length ?? 0,
    isSettled: () => isSettled,
    shownAs: (_dimension, key) => key,
    bounds: new Map(Object.entries(bounds) as [VolumeMeasure, KnownBound][]), // the record's own keys
    values: (tool, path) => {
      const own = values[`${tool} ${path}`]
      if (own === undefined) return undefined
      const digests = new Set(own.map((value) => hash('sha256', value.trim().toLowerCase(), 'base64url').slice(0, 16)))
      return { knows: (digest) => digests.has(digest), distinct: own.length, calls: own.length * 10 }
    },
  }
}
