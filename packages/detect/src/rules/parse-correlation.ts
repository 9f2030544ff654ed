import { FIELDS } from './fields.ts'
import { readHoldfast } from './parse-holdfast.ts'
import type { CorrelationRule, CorrelationType, Head } from './rule.ts'
import { compareWith } from './selection.ts'
import { parseSpan } from './timespan.ts'
import { guess, onlyKeys, type RuleFile, textsUnder, textUnder, under, wordUnder, type YamlMap } from './yaml.ts'

const TYPES = [
  'event_count',
  'value_count',
  'temporal',
  'temporal_ordered',
  'value_sum',
  'value_avg',
  'value_percentile',
] as const
const BOUNDS = ['gt', 'gte', 'lt', 'lte', 'eq', 'neq'] as const
const NEEDS_FIELD: ReadonlySet<CorrelationType> = new Set(['value_count', 'value_sum', 'value_avg', 'value_percentile'])

/** A correlation of other rules, as Sigma 2.1 has them. */
export function readCorrelation(
  file: RuleFile,
  map: YamlMap,
  { name, head }: { readonly name: string; readonly head: Head },
): CorrelationRule | undefined {
  const block = under(map, 'correlation')?.value
  if (block?.kind !== 'map') return file.problem(map.at, 'correlation is a map of keys')
  onlyKeys(file, block, ['type', 'rules', 'aliases', 'group-by', 'timespan', 'condition', 'generate'], 'correlation')
  const type = wordUnder(file, { map: block, key: 'type', words: TYPES })
  const rulesAt = under(block, 'rules')?.at ?? block.at
  const refers = textsUnder(file, block, 'rules').map((refer) => ({ name: refer, at: rulesAt }))
  if (refers.length === 0) file.problem(rulesAt, 'a correlation names the rules that it is of')
  const spanNanos = parseSpan(file, {
    text: textUnder(file, block, 'timespan') ?? '',
    at: under(block, 'timespan')?.value.at ?? block.at,
    what: 'timespan',
  })
  const aliases = readAliases(file, block)
  const groupBy = textsUnder(file, block, 'group-by').filter((field) => {
    if (FIELDS.has(field) || aliases.has(field)) return true
    file.problem(under(block, 'group-by')?.at ?? block.at, `there is no field "${field}"${guess(field, FIELDS.keys())}`)
    return false
  })
  if (type === undefined || spanNanos === undefined) return undefined
  const condition = readBounds(file, block, type)
  if (condition === undefined) return undefined
  const { where, remember, recall, ...spoken } = readHoldfast(file, map, { level: head.level, surface: 'S2' })
  if (where !== undefined || remember !== undefined || recall !== undefined)
    file.problem(block.at, 'where, remember and recall are of rules that look at events')
  const { own, shown, ...facts } = head
  return {
    kind: 'correlation',
    name,
    names: [...(own === undefined ? [] : [own]), ...(head.id === undefined ? [] : [head.id])],
    ...facts,
    ...spoken,
    type,
    refers,
    aliases,
    groupBy,
    spanNanos,
    ...condition,
    generates: flagUnder(map, 'generate') || flagUnder(block, 'generate'),
    shown,
    isReported: true,
    file: file.file,
  }
}

function readAliases(file: RuleFile, block: YamlMap): ReadonlyMap<string, ReadonlyMap<string, string>> {
  const entry = under(block, 'aliases')
  if (entry === undefined) return new Map()
  const aliases = new Map<string, ReadonlyMap<string, string>>()
  if (entry.value.kind === 'map')
    for (const { key, at, value } of entry.value.entries) {
      if (value.kind !== 'map') {
        file.problem(at, 'an alias names a field for each rule')
        continue
      }
      const fields = value.entries.flatMap((one): readonly (readonly [string, string])[] => {
        const name = one.value.kind === 'scalar' ? one.value.value : undefined
        if (typeof name === 'string' && FIELDS.has(name)) return [[one.key, name]]
        file.problem(one.value.at, `there is no field "${String(name)}"${guess(String(name), FIELDS.keys())}`)
        return []
      })
      aliases.set(key, new Map(fields))
    }
  else file.problem(entry.at, 'aliases is a map')
  return aliases
}

type Bounds = Pick<CorrelationRule, 'isMet' | 'field' | 'percentile'>

function readBounds(file: RuleFile, block: YamlMap, type: CorrelationType): Bounds | undefined {
  const entry = under(block, 'condition')
  const isTemporal = type === 'temporal' || type === 'temporal_ordered'
  if (entry === undefined)
    return isTemporal ? { isMet: () => true, percentile: 50 } : file.problem(block.at, `${type} has a condition`)
  if (isTemporal)
    return file.problem(entry.at, `conditions of ${type} are not supported: it is met where all its rules are`)
  if (entry.value.kind !== 'map') return file.problem(entry.at, 'the condition is a map, such as gte: 10')
  const map = entry.value
  onlyKeys(file, map, [...BOUNDS, 'field', 'percentile'], 'a condition')
  const tests = BOUNDS.flatMap((bound) => {
    const value = numberUnder(file, map, bound)
    return value === undefined ? [] : [compareWith(bound, value)]
  })
  if (tests.length === 0) return file.problem(map.at, `the condition has one of ${BOUNDS.join(', ')}`)
  const field = textUnder(file, map, 'field')
  if (NEEDS_FIELD.has(type) && field === undefined) return file.problem(map.at, `${type} names a field`)
  if (field !== undefined && !FIELDS.has(field))
    return file.problem(map.at, `there is no field "${field}"${guess(field, FIELDS.keys())}`)
  return {
    isMet: (value) => tests.every((test) => test(value)),
    percentile: numberUnder(file, map, 'percentile') ?? 50,
    ...(field === undefined ? {} : { field }),
  }
}

function numberUnder(file: RuleFile, map: YamlMap, key: string): number | undefined {
  const entry = under(map, key)
  if (entry === undefined) return undefined
  const value = entry.value.kind === 'scalar' ? entry.value.value : undefined
  return typeof value === 'number' ? value : file.problem(entry.value.at, `${key} is a number`)
}

function flagUnder(map: YamlMap, key: string): boolean {
  const value = under(map, key)?.value
  return value?.kind === 'scalar' && value.value === true
}
