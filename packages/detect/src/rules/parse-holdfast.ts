import { INCIDENT_TYPES, type ChainTemplate, type IncidentType, type Surface } from '@holdfast/model'
import { MAKES_INCIDENT } from '../incident/limits.ts'
import { parseSpan } from './timespan.ts'
import { FIELDS } from './fields.ts'
import { LEVEL_STRENGTH, type Level, type Memory, type Recalled } from './rule.ts'
import { guess, onlyKeys, type RuleFile, textsUnder, textUnder, under, wordUnder, type YamlMap } from './yaml.ts'

/** What Sigma has no words for. */
export type Spoken = {
  readonly strength: number
  readonly surface: Surface
  readonly restates: readonly string[]
  readonly repeat: readonly string[]
  readonly speaksFor?: IncidentType
  readonly template?: ChainTemplate
  readonly where?: { readonly text: string; readonly at: number }
  readonly remember?: Memory
  readonly recall?: Recalled
}

const KEYS = ['speaksFor', 'strength', 'surface', 'template', 'restates', 'repeat', 'where', 'remember', 'recall']
const TEMPLATES = ['T1', 'T2', 'T3', 'T4', 'T5', 'T6'] as const
const SURFACES = ['S1', 'S2', 'S3', 'S4'] as const

/** Reads the `holdfast` block of a rule; without one the rule colours what others say. */
export function readHoldfast(
  file: RuleFile,
  rule: YamlMap,
  { level, surface }: { readonly level: Level; readonly surface: Surface },
): Spoken {
  const block = under(rule, 'holdfast')?.value
  const plain = { strength: LEVEL_STRENGTH[level], surface, restates: [], repeat: [] }
  if (block === undefined) return plain
  if (block.kind !== 'map') {
    file.problem(block.at, 'holdfast is a map of keys')
    return plain
  }
  onlyKeys(file, block, KEYS, 'holdfast')
  const speaksFor = wordUnder(file, { map: block, key: 'speaksFor', words: INCIDENT_TYPES })
  const template = wordUnder(file, { map: block, key: 'template', words: TEMPLATES })
  const restates = textsUnder(file, block, 'restates')
  const strength = strengthUnder(file, block) ?? plain.strength
  if (restates.length > 0 && speaksFor !== undefined && strength >= MAKES_INCIDENT)
    file.problem(block.at, `a rule that restates a detector colours: its strength stays below ${MAKES_INCIDENT}`)
  const where = textUnder(file, block, 'where')
  const remember = readMemory(file, block)
  const recall = readRecall(file, block)
  return {
    strength,
    surface: wordUnder(file, { map: block, key: 'surface', words: SURFACES }) ?? surface,
    restates,
    repeat: fieldsUnder(file, block, 'repeat'),
    ...(speaksFor === undefined ? {} : { speaksFor }),
    ...(template === undefined ? {} : { template }),
    ...(where === undefined ? {} : { where: { text: where, at: under(block, 'where')?.value.at ?? block.at } }),
    ...(remember === undefined ? {} : { remember }),
    ...(recall === undefined ? {} : { recall }),
  }
}

/** Names of fields under a key; what is none is a problem. */
export function fieldsUnder(file: RuleFile, map: YamlMap, key: string): readonly string[] {
  return textsUnder(file, map, key).filter((name) => {
    if (FIELDS.has(name)) return true
    file.problem(under(map, key)?.at ?? map.at, `there is no field "${name}"${guess(name, FIELDS.keys())}`)
    return false
  })
}

function strengthUnder(file: RuleFile, block: YamlMap): number | undefined {
  const entry = under(block, 'strength')
  if (entry === undefined) return undefined
  const value = entry.value.kind === 'scalar' ? entry.value.value : undefined
  if (typeof value === 'number' && value >= 0 && value <= 0.95) return value
  return file.problem(entry.value.at, 'strength is a number of 0 to 0.95')
}

function readMemory(file: RuleFile, block: YamlMap): Memory | undefined {
  const entry = under(block, 'remember')
  if (entry === undefined) return undefined
  if (entry.value.kind !== 'map') return file.problem(entry.at, 'remember is a map of as, value, ttl and within')
  const map = entry.value
  onlyKeys(file, map, ['as', 'value', 'ttl', 'within'], 'remember')
  const name = textUnder(file, map, 'as')
  const [field] = fieldsUnder(file, map, 'value')
  const ttl = under(map, 'ttl')
  const ttlNanos = parseSpan(file, {
    at: ttl?.value.at ?? map.at,
    text: textUnder(file, map, 'ttl') ?? '',
    what: 'ttl',
  })
  if (name === undefined || field === undefined || ttlNanos === undefined)
    return file.problem(map.at, 'remember says as (a name), value (a field) and ttl')
  const within = wordUnder(file, { map, key: 'within', words: ['agent', 'conversation'] }) ?? 'conversation'
  return { name, field, ttlNanos, within }
}

function readRecall(file: RuleFile, block: YamlMap): Recalled | undefined {
  const entry = under(block, 'recall')
  if (entry === undefined) return undefined
  if (entry.value.kind !== 'map') return file.problem(entry.at, 'recall is a map of from and value')
  onlyKeys(file, entry.value, ['from', 'value'], 'recall')
  const name = textUnder(file, entry.value, 'from')
  const [field] = fieldsUnder(file, entry.value, 'value')
  if (name === undefined || field === undefined)
    return file.problem(entry.at, 'recall says from (the name of a memory) and value (a field)')
  return { name, field }
}
