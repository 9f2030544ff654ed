import type { Component } from '@holdfast/model'
import type { BomRow } from './instant.ts'

/** Something about what an agent is made of that a person should look at. Facts with proofs; judging comes later. */
export type InventoryFinding =
  | {
      readonly kind: 'declared-differs'
      /** What documents say, and what runs instead. */
      readonly declared: readonly Component[]
      readonly observed: Component
      readonly since: bigint
      readonly proof: readonly number[]
    }
  | {
      readonly kind: 'observed-only'
      readonly observed: Component
      readonly since: bigint
      readonly proof: readonly number[]
    }

/** Kinds that a manifest names: of these it matters that one runs undeclared (DEC-3). */
const CAPABILITIES: ReadonlySet<string> = new Set(['model', 'tool', 'mcp-server', 'prompt-template'])

/**
 * Where the manifest and the process disagree at an instant. Kinds of which no document says anything are not compared: a
 * manifest that names no tools forbids none.
 */
export function manifestFindings(rows: readonly BomRow[]): readonly InventoryFinding[] {
  const declaredKinds = new Set(
    rows.flatMap(({ declared, component }) => (declared === undefined ? [] : [component.kind])),
  )
  return rows.flatMap((row): readonly InventoryFinding[] => {
    const { component, standing } = row
    const span = firstSpan(row)
    if (span === undefined) return []
    const proof = [span.firstEntry]
    if (standing === 'both') {
      const pins = row.declaredAs.filter((declared) => differs(declared, component))
      if (pins.length === 0 || pins.length < row.declaredAs.length) return []
      const stated = row.declared === undefined ? [] : [row.declared.lastEntry]
      return [
        {
          kind: 'declared-differs',
          declared: pins,
          observed: component,
          since: span.first,
          proof: [...stated, ...proof],
        },
      ]
    }
    if (standing !== 'observed' || !CAPABILITIES.has(component.kind) || !declaredKinds.has(component.kind)) return []
    const rivals = component.slot === undefined ? [] : rows.filter((other) => isIdleRival(other, component))
    if (rivals.length === 0) return [{ kind: 'observed-only', observed: component, since: span.first, proof }]
    const stated = rivals.flatMap(({ declared }) => (declared === undefined ? [] : [declared.lastEntry]))
    return [
      {
        kind: 'declared-differs',
        declared: rivals.map((rival) => rival.component),
        observed: component,
        since: span.first,
        proof: [...stated, ...proof],
      },
    ]
  })
}

/** Declared for the same place, and not what runs there. */
function isIdleRival({ standing, component }: BomRow, observed: Component): boolean {
  return standing === 'declared' && component.kind === observed.kind && component.slot === observed.slot
}

/** An exact pin against another version, or a stated digest against another. A range holds what it holds. */
function differs(declared: Component, observed: Component): boolean {
  if (declared.digest !== undefined && observed.digest !== undefined && declared.digest !== observed.digest) return true
  if (declared.version === undefined || observed.version === undefined) return false
  const pin = declared.version.replace(/^==?\s*/, '')
  return /^v?\d[\w.+-]*$/.test(pin) && pin.replace(/^v/, '') !== observed.version.replace(/^v/, '')
}

function firstSpan({ loaded, called }: BomRow): { readonly first: bigint; readonly firstEntry: number } | undefined {
  if (loaded === undefined || called === undefined) return loaded ?? called
  return loaded.first <= called.first ? loaded : called
}

/** What each of several agents would lose if the identity that they share were split into one for each (DEC-10). */
export type SharedIdentity = {
  readonly identity: string
  readonly union: readonly string[]
  readonly agents: readonly {
    readonly agent: string
    readonly uses: readonly string[]
    /** Reach of the shared identity that this agent never used: what it loses, and what an intruder in it gains today. */
    readonly loses: readonly string[]
    readonly proof: readonly number[]
  }[]
}

/** The reach of an identity over all agents that use it. `uses` are `action resource` pairs that were exercised. */
export function sharedIdentity(
  identity: string,
  agents: readonly { readonly agent: string; readonly uses: readonly string[]; readonly proof: readonly number[] }[],
  /** All that the identity was used for, also where nobody can say by whom. */
  reach: readonly string[] = [],
): SharedIdentity | undefined {
  if (agents.length < 2) return undefined
  const union = [...new Set([...reach, ...agents.flatMap(({ uses }) => uses)])].toSorted()
  return {
    identity,
    union,
    agents: agents
      .map((one) => ({ ...one, loses: union.filter((use) => !one.uses.includes(use)) }))
      .toSorted((a, b) => (a.agent < b.agent ? -1 : 1)),
  }
}
