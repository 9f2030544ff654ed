import type { ScopeRowWire, ScopeWire } from '@holdfast/api'
import { csvText } from '@holdfast/model'

const LISTS = [
  'unusedExcess',
  'inheritedOverreach',
  'undeclaredUse',
  'inScopeAnomalies',
  'justified',
  'undetermined',
  'withoutEffect',
] as const

/** Every row of every list as CSV; the category is a column, so that no list is lost among the others. */
export function scopeCsv(scope: ScopeWire): string {
  const head = [
    'category',
    'plane',
    'principal',
    'action',
    'resources',
    'except',
    'path',
    'ancestor',
    'source',
    'statement',
    'document',
    'entry',
    'uses',
    'last_use',
    'owner',
    'remedy',
  ]
  const rows = LISTS.flatMap((list) => scope[list]).map(cellsOf)
  return csvText([head, ...rows])
}

function cellsOf({ category, grant, evidence, owner, remedy }: ScopeRowWire): readonly string[] {
  return [
    category,
    grant.plane,
    grant.principal,
    grant.action,
    grant.resources.join(' '),
    grant.except.map(({ action, resources }) => `${action} on ${resources.join(' ')}`).join('; '),
    grant.path,
    grant.ancestor ?? '',
    grant.source,
    grant.statement,
    evidence.document.document,
    `${evidence.document.entry}`,
    `${evidence.uses}`,
    evidence.lastUse ?? '',
    owner ?? '',
    remedy.text,
  ]
}
