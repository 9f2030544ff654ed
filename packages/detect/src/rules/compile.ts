import { hash } from 'node:crypto'
import { MAX_RULES } from './limits.ts'
import { readRule } from './parse-rule.ts'
import type { CorrelationRule, Rule } from './rule.ts'
import { RuleSet } from './rule-set.ts'
import { RuleFile, type RuleProblem, under, type Yaml } from './yaml.ts'

/** One rule file: `name` is that of its folder and becomes `rule/<name>`, `file` is what problems are told of. */
export type RuleSource = { readonly name: string; readonly file: string; readonly text: string }

/** What became of rule files. A file with a problem gives no rule; the others count. */
export type CompiledRules = {
  readonly rules: RuleSet
  readonly problems: readonly RuleProblem[]
  /** What was cut or changed, and is no fault. */
  readonly notes: readonly RuleProblem[]
}

/** Reads rule files. Pure; the order of the sources does not matter. Untrusted text. */
export function compileRules(sources: readonly RuleSource[]): CompiledRules {
  const read = sources.toSorted((a, b) => compare(a.name, b.name) || compare(a.file, b.file)).map(readSource)
  const problems = read.flatMap(({ file }) => file.problems)
  const notes = read.flatMap(({ file }) => file.notes)
  const sound = read.filter(({ file }) => file.problems.length === 0)
  const unique = withoutDoubles(sound, problems)
  const { rules, refused } = linked(unique, problems)
  if (rules.length > MAX_RULES)
    problems.push({ file: '', line: 1, column: 1, message: `${rules.length} rules, and ${MAX_RULES} are read` })
  const digest = hash(
    'sha256',
    JSON.stringify(unique.filter((one) => !refused.has(one)).map(({ source }) => [source.name, source.text])),
  )
  return { rules: new RuleSet(rules.slice(0, MAX_RULES), digest), problems, notes }
}

type Read = { readonly source: RuleSource; readonly file: RuleFile; readonly rules: readonly Rule[] }

function readSource(source: RuleSource): Read {
  const file = new RuleFile(source.file)
  const documents = file.documents(source.text)
  if (documents.length === 0 && file.problems.length === 0) file.problem(0, 'the file holds no rule')
  const named = documents.map((document, at) => documentName(source.name, { document, at, documents }))
  const rules = documents.flatMap((document, at) => readRule(file, document, named[at] ?? source.name) ?? [])
  return { source, file, rules: rules.map((rule) => ({ ...rule, isReported: isReported(rule, rules) })) }
}

/** The correlation of a file goes by the folder's name, as does a single rule; others have their own behind it. */
function documentName(
  folder: string,
  { document, at, documents }: { readonly document: Yaml; readonly at: number; readonly documents: readonly Yaml[] },
): string {
  const mains = documents.filter((one) => one.kind === 'map' && under(one, 'correlation') !== undefined)
  const main = mains[0] ?? documents.find((one) => !isAside(one)) ?? documents[0]
  if (document === main) return folder
  const own = document.kind === 'map' ? under(document, 'name')?.value : undefined
  return `${folder}/${own?.kind === 'scalar' ? String(own.value) : at + 1}`
}

/** It only leaves something for another rule. */
function isAside(document: Yaml): boolean {
  const block = document.kind === 'map' ? under(document, 'holdfast')?.value : undefined
  return block?.kind === 'map' && under(block, 'remember') !== undefined
}

/** A rule that a correlation beside it refers to is reported where the correlation says so. */
function isReported(rule: Rule, beside: readonly Rule[]): boolean {
  if (rule.kind === 'event' && rule.remember !== undefined) return false
  return beside.every(
    (other) =>
      other.kind !== 'correlation' || other.generates || !other.refers.some(({ name }) => rule.names.includes(name)),
  )
}

function withoutDoubles(read: readonly Read[], problems: RuleProblem[]): readonly Read[] {
  const owners = new Map<string, string>()
  return read.filter(({ source, rules }) => {
    const keys = rules.flatMap(({ name, id }) => [name, ...(id === undefined ? [] : [id])])
    const taken = keys.find((key) => owners.has(key))
    if (taken !== undefined) {
      const message = `"${taken}" is already the name or id of a rule in ${owners.get(taken) ?? ''}`
      problems.push({ file: source.file, line: 1, column: 1, message })
      return false
    }
    for (const key of keys) owners.set(key, source.file)
    return true
  })
}

/** Correlations behind the rules that they are of; those that refer to none, or to themselves, are refused with their file. */
function linked(
  read: readonly Read[],
  problems: RuleProblem[],
): { readonly rules: readonly Rule[]; readonly refused: ReadonlySet<Read> } {
  const refused = new Set<Read>()
  for (;;) {
    const kept = read.filter((one) => !refused.has(one))
    const rules = kept.flatMap((one) => one.rules)
    const ordered = inOrder(rules)
    const broken = kept.filter((one) => one.rules.some((rule) => !ordered.includes(rule)))
    if (broken.length === 0) return { rules: ordered, refused }
    for (const one of broken) {
      refused.add(one)
      for (const rule of one.rules)
        if (rule.kind === 'correlation' && !ordered.includes(rule)) {
          const lost = rule.refers.find(({ name }) => !ordered.some((other) => isCalled(other, name)))
          one.file.problem(lost?.at ?? 0, `there is no rule "${lost?.name ?? ''}" to correlate, or it is of this one`)
          problems.push(...one.file.problems)
        }
    }
  }
}

function inOrder(rules: readonly Rule[]): readonly Rule[] {
  const ordered: Rule[] = rules.filter(({ kind }) => kind === 'event')
  const known = new Set(ordered.flatMap(({ name, names }) => [name, ...names]))
  let waiting: readonly CorrelationRule[] = rules.filter((rule) => rule.kind === 'correlation')
  for (;;) {
    const ready = waiting.filter(({ refers }) => refers.every(({ name }) => known.has(name)))
    if (ready.length === 0) return ordered
    ordered.push(...ready)
    for (const { name, names } of ready) for (const own of [name, ...names]) known.add(own)
    waiting = waiting.filter((rule) => !ready.includes(rule))
  }
}

function isCalled({ name, names }: Rule, called: string): boolean {
  return name === called || names.includes(called)
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
