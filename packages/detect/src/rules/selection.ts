import type { EventKind } from '@holdfast/model'
import { isInRange, parseAddressRange } from './address-range.ts'
import type { EventView } from './event-view.ts'
import type { Field } from './field.ts'
import { FIELDS } from './fields.ts'
import { MAX_VALUE_CHARS, MAX_VALUES } from './limits.ts'
import { type Comparison, comparisonOf } from './modifiers.ts'
import { type Pattern, regexPattern, wildcardPattern } from './pattern.ts'
import type { Formula, Predicate } from './predicate.ts'
import { guess, type RuleFile, type Yaml, type YamlEntry } from './yaml.ts'

type Scalar = Extract<Yaml, { readonly kind: 'scalar' }>

/** Where selections stand: the file, and the kinds of events of the rule's log source. */
export type Place = { readonly file: RuleFile; readonly kinds: readonly EventKind[] }

/** Reads a selection: a map is all of its items, a list of maps any of them, a list of texts words anywhere in the event. */
export function readSelection(place: Place, yaml: Yaml): Formula | undefined {
  if (yaml.kind === 'map') return conjunction(yaml.entries.map((entry) => readItem(place, entry)))
  if (yaml.kind === 'scalar') return keywords(place, [yaml])
  if (yaml.items.length === 0) return place.file.problem(yaml.at, 'this selection is empty')
  if (yaml.items.every((item) => item.kind === 'scalar')) return keywords(place, yaml.items)
  const parts = yaml.items.map((item) => readSelection(place, item))
  return parts.some((part) => part === undefined)
    ? undefined
    : { kind: 'or', parts: parts.filter((part) => part !== undefined) }
}

function conjunction(parts: readonly (Formula | undefined)[]): Formula | undefined {
  const known = parts.filter((part) => part !== undefined)
  return known.length === parts.length ? { kind: 'and', parts: known } : undefined
}

function keywords({ file }: Place, items: readonly Yaml[]): Formula | undefined {
  const texts = items.flatMap((item) => {
    if (item.kind === 'scalar' && (typeof item.value === 'string' || typeof item.value === 'number'))
      return [String(item.value)]
    file.problem(item.at, 'a list of words holds texts')
    return []
  })
  const patterns = texts.map((text) => wildcardPattern(text, { kind: 'contains', isCased: false }))
  return texts.length < items.length ? undefined : matching('text', patterns)
}

function readItem({ file, kinds }: Place, { key, at, value }: YamlEntry): Formula | undefined {
  const [name = '', ...modifiers] = key.split('|')
  const field = FIELDS.get(name)
  if (field === undefined) return file.problem(at, `there is no field "${name}"${guess(name, FIELDS.keys())}`)
  if (field.kinds !== undefined && !field.kinds.some((kind) => kinds.includes(kind)))
    return file.problem(at, `no event of this log source has "${name}"`)
  const comparison = comparisonOf(modifiers)
  if (typeof comparison === 'string') return file.problem(at, comparison)
  const scalars = scalarsOf(file, value)
  if (scalars === undefined) return undefined
  const parts = partsOf(file, { name, field, comparison, scalars })
  return parts === undefined
    ? undefined
    : parts.length === 1
      ? parts[0]
      : { kind: comparison.isAll ? 'and' : 'or', parts }
}

function scalarsOf(file: RuleFile, value: Yaml): readonly Scalar[] | undefined {
  const items = value.kind === 'list' ? value.items : [value]
  if (items.length === 0) return file.problem(value.at, 'there is no value to compare with')
  if (items.length > MAX_VALUES) return file.problem(value.at, `more than ${MAX_VALUES} values`)
  const scalars = items.filter((item) => item.kind === 'scalar')
  const other = items.find((item) => item.kind !== 'scalar')
  if (other !== undefined) return file.problem(other.at, 'a field is compared with texts, numbers, true, false or null')
  const long = scalars.find((item) => String(item.value).length > MAX_VALUE_CHARS)
  return long === undefined ? scalars : file.problem(long.at, `a value of more than ${MAX_VALUE_CHARS} characters`)
}

type Item = {
  readonly name: string
  readonly field: Field
  readonly comparison: Comparison
  readonly scalars: readonly Scalar[]
}

/** Values that are compared alike share a predicate, the rest have one each. */
function partsOf(file: RuleFile, { name, field, comparison, scalars }: Item): readonly Formula[] | undefined {
  const patterns: Pattern[] = []
  const parts: Formula[] = []
  for (const scalar of scalars) {
    const read = readValue(file, { name, field, comparison, scalar })
    if (read === undefined) return undefined
    if ('kind' in read) parts.push(read)
    else patterns.push(...read)
  }
  if (patterns.length > 0) parts.push(...(comparison.isAll ? each(name, patterns) : [matching(name, patterns)]))
  return parts
}

function each(name: string, patterns: readonly Pattern[]): readonly Formula[] {
  return patterns.map((pattern) => matching(name, [pattern]))
}

/** One value: patterns for a text, or a formula of its own. */
function readValue(
  file: RuleFile,
  { name, field, comparison, scalar }: Omit<Item, 'scalars'> & { readonly scalar: Scalar },
): readonly Pattern[] | Formula | undefined {
  const { at, value } = scalar
  if (value === null)
    return comparison.kind === 'equals' ? absent(name) : file.problem(at, `null takes no "${comparison.kind}"`)
  switch (comparison.kind) {
    case 'exists':
      if (typeof value !== 'boolean') return file.problem(at, 'exists is true or false')
      return value ? present(name) : absent(name)
    case 'fieldref':
      if (typeof value !== 'string' || !FIELDS.has(value))
        return file.problem(at, `there is no field "${String(value)}"${guess(String(value), FIELDS.keys())}`)
      return sameAs(name, value, comparison.isCased)
    case 'cidr': {
      const range = typeof value === 'string' ? parseAddressRange(value) : undefined
      if (range === undefined) return file.problem(at, 'a range of addresses is meant, such as 10.0.0.0/8')
      return [{ test: (text) => isInRange(range, text) }]
    }
    case 'gt':
    case 'gte':
    case 'lt':
    case 'lte':
      if (field.type !== 'number' || typeof value !== 'number')
        return file.problem(
          at,
          `"${comparison.kind}" compares a number with a field that is one; "${name}" is a ${field.type}`,
        )
      return measured(name, comparison.kind, value)
    case 'neq': {
      const equal = readValue(file, { name, field, comparison: { ...comparison, kind: 'equals' }, scalar })
      if (equal === undefined) return undefined
      return { kind: 'not', part: 'kind' in equal ? equal : matching(name, equal) }
    }
    case 're':
      return readRegex(file, { at, value, flags: comparison.flags })
    case 'equals':
    case 'contains':
    case 'startswith':
    case 'endswith':
      return readText(file, { name, field, comparison, scalar })
  }
}

function readRegex(
  file: RuleFile,
  { at, value, flags }: { readonly at: number; readonly value: Scalar['value']; readonly flags: string },
): readonly Pattern[] | undefined {
  try {
    return [regexPattern(String(value), flags)]
  } catch (error) {
    // RE2 names what it does not know: look-around and back references are not linear.
    return file.problem(at, `not a regular expression of RE2: ${error instanceof Error ? error.message : 'unreadable'}`)
  }
}

function readText(
  file: RuleFile,
  { name, field, comparison, scalar }: Omit<Item, 'scalars'> & { readonly scalar: Scalar },
): readonly Pattern[] | undefined {
  const { at, value } = scalar
  if (field.type === 'number' && typeof value !== 'number' && comparison.kind === 'equals')
    return file.problem(at, `"${name}" is a number`)
  if (field.type === 'flag' && typeof value !== 'boolean') return file.problem(at, `"${name}" is true or false`)
  const spellings = comparison.isWindash ? dashes(String(value)) : [String(value)]
  const { base64 } = comparison
  if (base64 === undefined) return spellings.map((text) => wildcardPattern(text, comparison))
  const encoded = spellings.flatMap((text) => (base64 === 'plain' ? [btoa(utf8(text))] : offsets(utf8(text))))
  return encoded.map((text) => wildcardPattern(escaped(text), { kind: comparison.kind, isCased: true }))
}

function matching(name: string, patterns: readonly Pattern[]): Formula {
  const isAllKnown = patterns.every(({ literals }) => literals !== undefined)
  const literals = isAllKnown ? patterns.flatMap((pattern) => pattern.literals?.texts ?? []) : undefined
  const whole = patterns.every((pattern) => pattern.literals?.whole === true)
  const wholes = whole && patterns.length > 8 ? wholeSet(patterns) : undefined
  const predicate: Predicate = {
    field: name,
    test:
      wholes === undefined
        ? (view) => anyText(view, name, patterns)
        : (view) => view.folded(name).some((text) => wholes.has(text)) && anyText(view, name, patterns),
    ...(literals === undefined ? {} : { literals: { whole, texts: literals } }),
  }
  return { kind: 'predicate', predicate }
}

function wholeSet(patterns: readonly Pattern[]): ReadonlySet<string> {
  return new Set(patterns.flatMap(({ literals }) => literals?.texts ?? []))
}

function anyText(view: EventView, name: string, patterns: readonly Pattern[]): boolean {
  const folded = view.folded(name)
  return view.values(name).some((value, at) => {
    const text = String(value)
    return patterns.some(({ test }) => test(text, folded[at] ?? ''))
  })
}

function present(name: string): Formula {
  return { kind: 'predicate', predicate: { field: name, test: (view) => view.values(name).length > 0 } }
}

function absent(name: string): Formula {
  return { kind: 'not', part: present(name) }
}

function sameAs(name: string, other: string, isCased: boolean): Formula {
  const test = (view: EventView): boolean => {
    const those = new Set(isCased ? view.values(other).map(String) : view.folded(other))
    return (isCased ? view.values(name).map(String) : view.folded(name)).some((text) => those.has(text))
  }
  return { kind: 'predicate', predicate: { field: name, test } }
}

function measured(name: string, kind: 'gt' | 'gte' | 'lt' | 'lte', bound: number): Formula {
  const isMet = compareWith(kind, bound)
  const test = (view: EventView): boolean =>
    view.values(name).some((value) => typeof value === 'number' && isMet(value))
  return { kind: 'predicate', predicate: { field: name, test } }
}

/** A comparison of numbers, as conditions of correlations have it too. */
export function compareWith(
  kind: 'gt' | 'gte' | 'lt' | 'lte' | 'eq' | 'neq',
  bound: number,
): (value: number) => boolean {
  switch (kind) {
    case 'gt':
      return (value) => value > bound
    case 'gte':
      return (value) => value >= bound
    case 'lt':
      return (value) => value < bound
    case 'lte':
      return (value) => value <= bound
    case 'eq':
      return (value) => value === bound
    case 'neq':
      return (value) => value !== bound
  }
}

/** The signs that shells of Windows and people who copy from documents put before an option. */
function dashes(text: string): readonly string[] {
  return [...new Set(['-', '/', '–', '—', '―'].map((sign) => text.replaceAll(/\B[-/]\b/g, sign)))]
}

/** A text as it stands in base64 at each of the three places where it may begin, without what neighbours change. */
function offsets(bytes: string): readonly string[] {
  const starts = [0, 2, 3]
  const ends = [0, -3, -2]
  return [0, 1, 2].map((offset) => {
    const encoded = btoa(' '.repeat(offset) + bytes)
    const end = ends[(bytes.length + offset) % 3] ?? 0
    return encoded.slice(starts[offset], end === 0 ? undefined : end)
  })
}

function utf8(text: string): string {
  return String.fromCharCode(...new TextEncoder().encode(text))
}

function escaped(text: string): string {
  return text.replaceAll(/[\\*?]/g, String.raw`\$&`)
}
