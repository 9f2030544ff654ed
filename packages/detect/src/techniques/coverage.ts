import type { RuleFacts } from '../rules/rule.ts'
import { DETECTOR_TECHNIQUES } from './detector-techniques.ts'
import { NOT_COVERED, type NotCovered } from './not-covered.ts'
import { TECHNIQUE_NAMES } from './technique-names.ts'

/** What speaks of one technique. Both lists empty: nothing does. */
export type CoverageRow = {
  readonly technique: string
  readonly name: string
  readonly detectors: readonly string[]
  readonly rules: readonly string[]
}

export type Coverage = {
  readonly covered: readonly CoverageRow[]
  readonly notCovered: readonly (NotCovered & { readonly name: string })[]
  /** Entries of OWASP's lists with their year, and the rules that carry them. */
  readonly owasp: readonly { readonly id: string; readonly rules: readonly string[] }[]
}

/** Which techniques detectors and rules speak of, and which nothing here can tell. Speaking of one is not finding all of it. */
export function coverageOf(rules: readonly RuleFacts[]): Coverage {
  const reported = rules.filter(({ isReported }) => isReported)
  const detectors = pairs(
    Object.entries(DETECTOR_TECHNIQUES).flatMap(([detector, ids]) => ids.map((id) => [id, detector] as const)),
  )
  const ruled = pairs(
    reported.flatMap(({ name, tags }) =>
      tags.flatMap((tag) => techniqueOf(tag) ?? []).map((id) => [id, name] as const),
    ),
  )
  const ids = [...new Set([...detectors.keys(), ...ruled.keys()])].toSorted()
  return {
    covered: ids.map((technique) => ({
      technique,
      name: nameOf(technique),
      detectors: detectors.get(technique) ?? [],
      rules: ruled.get(technique) ?? [],
    })),
    notCovered: NOT_COVERED.map((one) => ({ ...one, name: nameOf(one.technique) })),
    owasp: [
      ...pairs(
        reported.flatMap(({ name, tags }) =>
          tags.flatMap((tag) => owaspOf(tag) ?? []).map((id) => [id, name] as const),
        ),
      ),
    ]
      .map(([id, names]) => ({ id, rules: names }))
      .toSorted((a, b) => (a.id < b.id ? -1 : 1)),
  }
}

function pairs(list: readonly (readonly [id: string, name: string])[]): ReadonlyMap<string, readonly string[]> {
  const byId = Map.groupBy(list, ([id]) => id)
  return new Map([...byId].map(([id, some]) => [id, [...new Set(some.map(([, name]) => name))].toSorted()]))
}

/** `attack.t1611` is T1611, `atlas.aml.t0051.001` is AML.T0051.001. */
function techniqueOf(tag: string): string | undefined {
  if (tag.startsWith('attack.t')) return tag.slice('attack.'.length).toUpperCase()
  return tag.startsWith('atlas.') ? tag.slice('atlas.'.length).toUpperCase() : undefined
}

/** `owasp.asi01-2026` is ASI01:2026. */
function owaspOf(tag: string): string | undefined {
  const [, id, year] = /^owasp\.([a-z0-9]+)-(20\d\d)$/.exec(tag) ?? []
  return id === undefined ? undefined : `${id.toUpperCase()}:${year}`
}

function nameOf(technique: string): string {
  return TECHNIQUE_NAMES[technique] ?? technique
}
