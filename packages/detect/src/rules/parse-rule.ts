import { readCondition } from './condition.ts'
import { readCorrelation } from './parse-correlation.ts'
import { readExpression } from './expression.ts'
import { readHoldfast } from './parse-holdfast.ts'
import { FIELDS } from './fields.ts'
import type { Formula } from './predicate.ts'
import { CATEGORIES, type Head, LEVELS, type Rule } from './rule.ts'
import { readSelection } from './selection.ts'
import {
  guess,
  onlyKeys,
  type RuleFile,
  textsUnder,
  textUnder,
  under,
  wordUnder,
  type Yaml,
  type YamlMap,
} from './yaml.ts'

const KEYS = [
  'title', 'id', 'name', 'related', 'taxonomy', 'status', 'description', 'license', 'author', 'references', 'date',
  'modified', 'logsource', 'detection', 'correlation', 'fields', 'falsepositives', 'level', 'tags', 'scope', 'generate',
  'holdfast',
] // prettier-ignore
const STATUSES = ['stable', 'test', 'experimental', 'deprecated', 'unsupported'] as const
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i
const TAG = /^[a-z0-9_-]+\.[a-z0-9._-]+$/

/** One document of a rule file. `name` is what its signals go by. Undefined where something is wrong: the file says what. */
export function readRule(file: RuleFile, yaml: Yaml, name: string): Rule | undefined {
  if (yaml.kind !== 'map') return file.problem(yaml.at, 'a rule is a map of keys')
  const before = file.problems.length
  onlyKeys(file, yaml, KEYS, 'a rule')
  const head = readHead(file, yaml)
  if (under(yaml, 'correlation') !== undefined) {
    const rule = readCorrelation(file, yaml, { name, head })
    return file.problems.length > before ? undefined : rule
  }
  const rule = readEventRule(file, yaml, { name, head })
  return file.problems.length > before ? undefined : rule
}

function readHead(file: RuleFile, map: YamlMap): Head {
  const title = textUnder(file, map, 'title')
  if (title === undefined) file.problem(map.at, 'a rule has a title')
  else if (title.length > 256) file.problem(map.at, 'a title has at most 256 characters')
  const id = textUnder(file, map, 'id')
  if (id !== undefined && !UUID.test(id)) file.problem(under(map, 'id')?.value.at ?? map.at, 'id is a UUID')
  const tags = textsUnder(file, map, 'tags')
  for (const tag of tags)
    if (!TAG.test(tag))
      file.problem(under(map, 'tags')?.at ?? map.at, `tag "${tag}" is no <namespace>.<name> in lower case`)
  const shown = textsUnder(file, map, 'fields')
  const unknown = shown.find((field) => !FIELDS.has(field))
  if (unknown !== undefined)
    file.problem(under(map, 'fields')?.at ?? map.at, `there is no field "${unknown}"${guess(unknown, FIELDS.keys())}`)
  const own = textUnder(file, map, 'name')
  const description = textUnder(file, map, 'description')
  const status = wordUnder(file, { map, key: 'status', words: STATUSES })
  return {
    title: title ?? '',
    level: wordUnder(file, { map, key: 'level', words: LEVELS }) ?? 'medium',
    tags,
    shown,
    ...(id === undefined ? {} : { id: id.toLowerCase() }),
    ...(own === undefined ? {} : { own }),
    ...(description === undefined ? {} : { description: description.trim() }),
    ...(status === undefined ? {} : { status }),
  }
}

function readEventRule(
  file: RuleFile,
  map: YamlMap,
  { name, head }: { readonly name: string; readonly head: Head },
): Rule | undefined {
  const category = readCategory(file, map)
  // What else is wrong is told too: of another log source, by the fields of all.
  const known = (category === undefined ? undefined : CATEGORIES[category]) ?? ANY_CATEGORY
  const formula = readDetection(file, map, known.kinds)
  const { where, remember, recall, ...spoken } = readHoldfast(file, map, { level: head.level, surface: known.surface })
  const expression = where === undefined ? undefined : readExpression(where.text, { file, at: where.at })
  if (category === undefined || formula === undefined) return undefined
  const { own, shown, ...facts } = head
  return {
    kind: 'event',
    name,
    names: [...(own === undefined ? [] : [own]), ...(head.id === undefined ? [] : [head.id])],
    ...facts,
    ...spoken,
    category,
    kinds: known.kinds,
    formula,
    shown,
    isReported: remember === undefined,
    file: file.file,
    ...(expression === undefined ? {} : { where: expression }),
    ...(remember === undefined ? {} : { remember }),
    ...(recall === undefined ? {} : { recall }),
  }
}

const ANY_CATEGORY: (typeof CATEGORIES)[string] = {
  kinds: Object.values(CATEGORIES).flatMap(({ kinds }) => kinds),
  surface: 'S2',
}

function readCategory(file: RuleFile, map: YamlMap): string | undefined {
  const source = under(map, 'logsource')?.value
  if (source?.kind !== 'map') return file.problem(map.at, 'a rule has a logsource with product and category')
  onlyKeys(file, source, ['product', 'category', 'service', 'definition'], 'logsource')
  const product = textUnder(file, source, 'product')
  if (product !== 'holdfast')
    return file.problem(
      under(source, 'product')?.value.at ?? source.at,
      `the log source is of ${product ?? 'no product'}: only product "holdfast" is read here`,
    )
  const category = textUnder(file, source, 'category')
  if (category === undefined || CATEGORIES[category] === undefined)
    return file.problem(
      under(source, 'category')?.value.at ?? source.at,
      `category is one of ${Object.keys(CATEGORIES).join(', ')}`,
    )
  const taxonomy = textUnder(file, map, 'taxonomy')
  if (taxonomy !== undefined && taxonomy !== 'holdfast')
    return file.problem(
      under(map, 'taxonomy')?.value.at ?? map.at,
      `the fields are named by the taxonomy "holdfast" here`,
    )
  return category
}

function readDetection(
  file: RuleFile,
  map: YamlMap,
  kinds: Parameters<typeof readSelection>[0]['kinds'],
): Formula | undefined {
  const detection = under(map, 'detection')?.value
  if (detection?.kind !== 'map') return file.problem(map.at, 'a rule has a detection with selections and a condition')
  const condition = under(detection, 'condition')
  const selections = new Map<string, Formula>()
  const before = file.problems.length
  for (const { key, at, value } of detection.entries) {
    if (key === 'condition') continue
    if (key === 'timeframe') {
      file.problem(at, '"timeframe" is of an older Sigma: use a correlation')
      continue
    }
    const formula = readSelection({ file, kinds }, value)
    // One with a problem keeps its place, so that the condition is read as well.
    selections.set(key, formula ?? NEVER)
  }
  if (condition?.value.kind !== 'scalar' || typeof condition.value.value !== 'string')
    return file.problem(condition?.value.at ?? detection.at, 'the condition is one text')
  if (condition.value.value.includes('|'))
    return file.problem(condition.value.at, 'aggregations after "|" are of an older Sigma: use a correlation')
  const formula = readCondition(condition.value.value, { file, at: condition.value.at, selections })
  return file.problems.length > before ? undefined : formula
}

const NEVER: Formula = { kind: 'or', parts: [] }
