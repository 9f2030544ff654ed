import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, parseAllDocuments } from 'yaml'
import { MAX_NESTING, MAX_RULE_CHARS, MAX_VALUES, MAX_YAML_ALIASES } from './limits.ts'

/** Where a rule file is wrong, and how. Lines and columns count from 1. */
export type RuleProblem = {
  readonly file: string
  readonly line: number
  readonly column: number
  readonly message: string
}

/** A part of a rule file with its place: `at` counts characters. */
export type Yaml =
  | { readonly kind: 'map'; readonly at: number; readonly entries: readonly YamlEntry[] }
  | { readonly kind: 'list'; readonly at: number; readonly items: readonly Yaml[] }
  | { readonly kind: 'scalar'; readonly at: number; readonly value: string | number | boolean | null }

export type YamlEntry = { readonly key: string; readonly at: number; readonly value: Yaml }
export type YamlMap = Extract<Yaml, { readonly kind: 'map' }>

/** One rule file while it is read: gathers what is wrong with it. */
export class RuleFile {
  readonly problems: RuleProblem[] = []
  readonly notes: RuleProblem[] = []
  readonly file: string
  readonly #lines = new LineCounter()
  #nodes = 0
  #aliases = 0

  constructor(file: string) {
    this.file = file
  }

  /** The file's documents; what is no YAML, or too large, is a problem. Untrusted text. */
  documents(text: string): readonly Yaml[] {
    if (text.length > MAX_RULE_CHARS) {
      this.problem(0, `the file has ${text.length} characters, more than ${MAX_RULE_CHARS}`)
      return []
    }
    const parsed = parseAllDocuments(text, { lineCounter: this.#lines, uniqueKeys: true, logLevel: 'silent' })
    if (!Array.isArray(parsed)) return []
    return parsed.flatMap((document: Document.Parsed) => {
      for (const { pos, message } of document.errors) this.problem(pos[0], message.split('\n')[0] ?? message)
      if (document.errors.length > 0 || document.contents === null) return []
      return [this.#read(document.contents, document, 0)]
    })
  }

  problem(at: number, message: string): undefined {
    this.problems.push(this.#told(at, message))
    return undefined
  }

  /** What is not as written, and yet no fault. */
  note(at: number, message: string): void {
    this.notes.push(this.#told(at, message))
  }

  #told(at: number, message: string): RuleProblem {
    const { line, col } = this.#lines.linePos(at)
    return { file: this.file, line: Math.max(1, line), column: Math.max(1, col), message }
  }

  #read(node: unknown, document: Document, depth: number): Yaml {
    const at = placeOf(node)
    if (depth > MAX_NESTING || ++this.#nodes > MAX_VALUES * 10) {
      this.problem(at, 'the file is nested too deeply or has too many values')
      return { kind: 'scalar', at, value: null }
    }
    if (isAlias(node)) {
      const target = ++this.#aliases > MAX_YAML_ALIASES ? undefined : node.resolve(document)
      if (target === undefined) this.problem(at, 'this alias leads nowhere, or the file has too many')
      return target === undefined ? { kind: 'scalar', at, value: null } : this.#read(target, document, depth + 1)
    }
    if (isMap(node))
      return {
        kind: 'map',
        at,
        entries: node.items.map(({ key, value }) => ({
          key: isScalar(key) ? String(key.value) : '',
          at: placeOf(key),
          value: value === null ? { kind: 'scalar', at, value: null } : this.#read(value, document, depth + 1),
        })),
      }
    if (isSeq(node)) return { kind: 'list', at, items: node.items.map((item) => this.#read(item, document, depth + 1)) }
    const value = isScalar(node) ? node.value : null
    const isKnown = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    return { kind: 'scalar', at, value: isKnown ? value : null }
  }
}

/** The value under a key. */
export function under(map: YamlMap, key: string): YamlEntry | undefined {
  return map.entries.find((entry) => entry.key === key)
}

/** The text under a key; a problem where it is something else. */
export function textUnder(file: RuleFile, map: YamlMap, key: string): string | undefined {
  const entry = under(map, key)
  if (entry === undefined) return undefined
  if (entry.value.kind === 'scalar' && typeof entry.value.value === 'string') return entry.value.value
  return file.problem(entry.value.at, `${key} must be a text`)
}

/** One of these words under a key; a problem where it is another. */
export function wordUnder<const W extends string>(
  file: RuleFile,
  { map, key, words }: { readonly map: YamlMap; readonly key: string; readonly words: readonly W[] },
): W | undefined {
  const text = textUnder(file, map, key)
  if (text === undefined) return undefined
  const word = words.find((known) => known === text)
  return word ?? file.problem(under(map, key)?.value.at ?? map.at, `${key} is one of ${words.join(', ')}`)
}

/** The texts of a list under a key, or a single one. */
export function textsUnder(file: RuleFile, map: YamlMap, key: string): readonly string[] {
  const entry = under(map, key)
  if (entry === undefined) return []
  const items = entry.value.kind === 'list' ? entry.value.items : [entry.value]
  return items.flatMap((item) => {
    if (item.kind === 'scalar' && typeof item.value === 'string') return [item.value]
    file.problem(item.at, `${key} holds texts`)
    return []
  })
}

/** Every key that is not known is a problem: a slip of the pen must not switch a rule off. */
export function onlyKeys(file: RuleFile, map: YamlMap, known: readonly string[], where: string): void {
  for (const { key, at } of map.entries)
    if (!known.includes(key)) file.problem(at, `${where} has no "${key}"${guess(key, known)}`)
}

/** `, did you mean "x"?` where one of the words is near. */
export function guess(word: string, known: Iterable<string>): string {
  let best: string | undefined
  let least = Math.min(word.length, Math.max(2, word.length >> 2) + 1)
  for (const other of known) {
    if (Math.abs(other.length - word.length) >= least) continue
    const away = distance(word.slice(0, 64), other.slice(0, 64))
    if (away < least) {
      least = away
      best = other
    }
  }
  return best === undefined ? '' : `, did you mean "${best}"?`
}

/** Levenshtein's. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, at) => at)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++)
      next[j] = Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1))
    row = next
  }
  return row[b.length] ?? 0
}

function placeOf(node: unknown): number {
  if (typeof node !== 'object' || node === null || !('range' in node) || !Array.isArray(node.range)) return 0
  return typeof node.range[0] === 'number' ? node.range[0] : 0
}
