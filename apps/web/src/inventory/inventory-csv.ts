import type { BomChangeWire, BomWire, RiskRowWire } from '@holdfast/api'
import { csvText } from '@holdfast/model'

/** The inventory as CSV. */
export function bomCsv(bom: BomWire): string {
  const head = [
    'category',
    'kind',
    'name',
    'version',
    'digest',
    'standing',
    'tier',
    'declared',
    'loaded first',
    'loaded last',
    'called first',
    'called last',
    'proof',
  ]
  const rows = bom.categories.flatMap(({ category, rows: own }) =>
    own.map((row) => [
      category,
      row.kind,
      row.name,
      row.version ?? '',
      row.digest ?? '',
      row.standing,
      row.tier ?? '',
      row.declared?.first ?? '',
      row.loaded?.first ?? '',
      row.loaded?.last ?? '',
      row.called?.first ?? '',
      row.called?.last ?? '',
      [row.declared, row.loaded, row.called].flatMap((seen) => seen?.entries ?? []).join(' '),
    ]),
  )
  return csvText([head, ...rows])
}

/** The changes as CSV. */
export function changesCsv(changes: readonly BomChangeWire[]): string {
  const head = ['when', 'change', 'kind', 'before', 'after', 'tools', 'change id', 'author', 'proof']
  const named = (component: BomChangeWire['before']): string =>
    component === undefined ? '' : [component.name, component.version ?? component.digest ?? ''].join(' ').trim()
  const rows = changes.map(({ when, change, kind, before, after, tools, by, proof }) => [
    when ?? '',
    change,
    kind,
    named(before),
    named(after),
    tools.join(' '),
    by?.changeId ?? '',
    by?.author ?? '',
    proof.join(' '),
  ])
  return csvText([head, ...rows])
}

/** The risk register as CSV; a row without a control says `none`. */
export function risksCsv(rows: readonly RiskRowWire[]): string {
  const head = ['agent', 'risk', 'kind', 'name', 'now', 'first', 'last', 'controls', 'control proof', 'proof']
  const lines = rows.map(({ agent, risk, kind, name, current, first, last, controls, proof }) => [
    agent,
    risk,
    kind,
    name,
    current ? 'yes' : 'no longer',
    first,
    last,
    controls.length === 0 ? 'none' : controls.map(({ detail }) => detail).join('; '),
    controls.flatMap(({ entries }) => entries).join(' '),
    proof.join(' '),
  ])
  return csvText([head, ...lines])
}
