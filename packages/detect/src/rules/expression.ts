import { celEnv, isCelError, parse, plan } from '@bufbuild/cel'
import { RE2JS } from '@bufbuild/re2'
import type { EventView } from './event-view.ts'
import type { FieldValue } from './field.ts'
import { FIELDS } from './fields.ts'
import { MAX_CEL_PATTERNS, MAX_EXPRESSION_CHARS, MAX_LOOPS } from './limits.ts'
import { guess, type RuleFile } from './yaml.ts'

/** True where the event meets the expression. What fails while it is evaluated is not met. */
export type Expression = (view: EventView) => boolean

/** Compiled patterns; the same few are used for every event. */
const compiledPatterns = new Map<string, RE2JS>()
const env = celEnv({ re2: { compile } })

/**
 * Reads a CEL expression over the fields of an event, `tool.name == "send" && size(text) > 1`. A field that the event does not
 * have is absent: `has(tool.server)` asks. A field that may hold several values is a list. Regular expressions are RE2's.
 */
export function readExpression(
  text: string,
  { file, at }: { readonly file: RuleFile; readonly at: number },
): Expression | undefined {
  if (text.length > MAX_EXPRESSION_CHARS)
    return file.problem(at, `an expression of more than ${MAX_EXPRESSION_CHARS} characters`)
  let parsed: ReturnType<typeof parse>
  try {
    parsed = parse(text)
  } catch (error) {
    // The parser says where: `<input>:1:11: found = but ...`
    return file.problem(at, `not a CEL expression: ${error instanceof Error ? error.message : 'unreadable'}`)
  }
  const use = usesOf(parsed.expr)
  if (use.loops > MAX_LOOPS) return file.problem(at, `more than ${MAX_LOOPS} loops inside of each other`)
  const unknown = use.names.find((name) => !FIELDS.has(name))
  if (unknown !== undefined)
    return file.problem(at, `the expression uses "${unknown}", which is no field${guess(unknown, FIELDS.keys())}`)
  for (const pattern of use.patterns) {
    const fault =
      pattern === undefined ? 'it is not written in the rule, and would be anybody’s' : patternFault(pattern)
    if (fault !== undefined) return file.problem(at, `the pattern of matches: ${fault}`)
  }
  const missing = use.functions.find((name) => !OPERATORS.has(name) && env.funcs.find(name) === undefined)
  if (missing !== undefined) return file.problem(at, `there is no function "${missing}" in CEL`)
  const evaluate = plan(env, parsed)
  const tried = evaluate(bound(use.names, samples))
  if (isCelError(tried) && /^(found no matching overload|type mismatch)/.test(tried.message))
    return file.problem(at, `the expression does not fit its fields: ${tried.message}`)
  if (!isCelError(tried) && typeof tried !== 'boolean')
    return file.problem(at, 'the expression is neither true nor false')
  return (view) => evaluate(bound(use.names, (name) => view.values(name))) === true
}

/** What the evaluator knows besides its functions. */
const OPERATORS: ReadonlySet<string> = new Set(['_&&_', '_||_', '_?_:_', '_[_]', '!_', '_!=_', '@not_strictly_false'])

/** A value of the field's own type, to try an expression on. */
function samples(name: string): readonly FieldValue[] {
  const type = FIELDS.get(name)?.type
  return [type === 'number' ? 1 : type === 'flag' ? true : 'a']
}

function compile(pattern: string): RE2JS {
  const known = compiledPatterns.get(pattern)
  if (known !== undefined) return known
  if (compiledPatterns.size >= MAX_CEL_PATTERNS) compiledPatterns.clear()
  const compiled = RE2JS.compile(pattern)
  compiledPatterns.set(pattern, compiled)
  return compiled
}

type Bound = string | bigint | number | boolean | readonly (string | bigint | number | boolean)[]
type Bindings = Record<string, Map<string, Bound> | Bound>

/** The fields in use, `tool.name` as `name` of `tool`. All names are of the list of fields. */
function bound(names: readonly string[], valuesOf: (name: string) => readonly FieldValue[]): Bindings {
  const top: Bindings = {}
  const groups = new Map<string, Map<string, Bound>>()
  for (const name of names) {
    const values = valuesOf(name).map((value) => (Number.isInteger(value) ? BigInt(value) : value))
    const value = FIELDS.get(name)?.isMany === true ? values : values[0]
    const [group = '', key] = name.split('.')
    if (key === undefined) {
      if (value !== undefined) top[group] = value
      continue
    }
    const inner = groups.get(group) ?? new Map<string, Bound>()
    groups.set(group, inner)
    top[group] = inner
    if (value !== undefined) inner.set(key, value)
  }
  return top
}

type Use = {
  readonly names: readonly string[]
  readonly functions: readonly string[]
  /** Patterns of `matches`; undefined for one that is not written in the rule. */
  readonly patterns: readonly (string | undefined)[]
  readonly loops: number
}

/** Which fields an expression reads, and how deep its loops stand in each other. */
function usesOf(expr: unknown): Use {
  const names = new Set<string>()
  const functions = new Set<string>()
  const patterns: (string | undefined)[] = []
  const loops = walk(expr, { names, functions, patterns, own: new Set() })
  return { names: [...names].toSorted(), functions: [...functions], patterns, loops }
}

type Walk = {
  readonly names: Set<string>
  readonly functions: Set<string>
  readonly patterns: (string | undefined)[]
  readonly own: ReadonlySet<string>
}

function walk(node: unknown, to: Walk): number {
  const { names, functions, patterns, own } = to
  const kind = partOf(node, 'exprKind')
  if (kind === undefined) return childrenLoops(node, to)
  const value = partOf(kind, 'value')
  switch (partOf(kind, 'case')) {
    case 'selectExpr': {
      const operand = partOf(partOf(value, 'operand'), 'exprKind')
      const group = partOf(operand, 'case') === 'identExpr' ? partOf(partOf(operand, 'value'), 'name') : undefined
      if (typeof group !== 'string' || own.has(group)) return walk(partOf(value, 'operand'), to)
      // What is selected from a text or a list is no field: `text.x` is told as one that is unknown.
      names.add(`${group}.${String(partOf(value, 'field'))}`)
      return 0
    }
    case 'identExpr': {
      const name = partOf(value, 'name')
      if (typeof name === 'string' && !own.has(name) && !name.startsWith('@')) names.add(name)
      return 0
    }
    case 'callExpr': {
      const name = String(partOf(value, 'function'))
      functions.add(name)
      // Of a method and of a function alike, the pattern is the last argument.
      if (name === 'matches') patterns.push(constantText(listOf(partOf(value, 'args')).at(-1)))
      return childrenLoops(value, to)
    }
    case 'comprehensionExpr': {
      const range = walk(partOf(value, 'iterRange'), to)
      const inner = new Set([...own, ...['iterVar', 'iterVar2', 'accuVar'].map((key) => String(partOf(value, key)))])
      const parts = ['accuInit', 'loopCondition', 'loopStep', 'result'].map((key) =>
        walk(partOf(value, key), { ...to, own: inner }),
      )
      return Math.max(range, 1 + Math.max(...parts))
    }
    default:
      return childrenLoops(value, to)
  }
}

function childrenLoops(node: unknown, to: Walk): number {
  if (typeof node !== 'object' || node === null) return 0
  return Math.max(0, ...Object.values(node).map((child) => (typeof child === 'object' ? walk(child, to) : 0)))
}

function partOf(node: unknown, key: string): unknown {
  if (typeof node !== 'object' || node === null) return undefined
  return (node as Readonly<Record<string, unknown>>)[key] // any object may be read by name; the answer stays unknown
}

function constantText(node: unknown): string | undefined {
  const kind = partOf(node, 'exprKind')
  if (partOf(kind, 'case') !== 'constExpr') return undefined
  const text = partOf(partOf(partOf(kind, 'value'), 'constantKind'), 'value')
  return typeof text === 'string' ? text : undefined
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

function patternFault(pattern: string): string | undefined {
  try {
    compile(pattern)
    return undefined
  } catch (error) {
    // RE2 names what it does not know.
    return error instanceof Error ? error.message : 'unreadable'
  }
}
