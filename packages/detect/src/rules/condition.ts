import { MAX_NESTING } from './limits.ts'
import type { Formula } from './predicate.ts'
import { guess, type RuleFile } from './yaml.ts'

type Condition = {
  readonly file: RuleFile
  /** Where the condition begins in the file. */
  readonly at: number
  readonly selections: ReadonlyMap<string, Formula>
}

/**
 * Reads a condition: names of selections, `and`, `or`, `not`, brackets, `1 of name*`, `all of name*`, `1 of them`. `not` binds
 * tightest, then `and`. A selection that the condition does not use is a problem.
 */
export function readCondition(text: string, condition: Condition): Formula | undefined {
  const parser = new ConditionParser(text, condition)
  const formula = parser.whole()
  if (formula === undefined) return undefined
  const idle = [...condition.selections.keys()].find((name) => !name.startsWith('_') && !parser.used.has(name))
  return idle === undefined ? formula : condition.file.problem(condition.at, `the condition does not use "${idle}"`)
}

type Token = { readonly text: string; readonly at: number }

class ConditionParser {
  readonly used = new Set<string>()
  readonly #condition: Condition
  readonly #tokens: readonly Token[]
  #next = 0
  #depth = 0

  constructor(text: string, condition: Condition) {
    this.#condition = condition
    this.#tokens = [...text.matchAll(/[()]|[^\s()]+/g)].map((match) => ({ text: match[0], at: match.index }))
  }

  whole(): Formula | undefined {
    const formula = this.#or()
    const rest = this.#tokens[this.#next]
    return formula === undefined || rest === undefined ? formula : this.#problem(`"${rest.text}" is not expected here`)
  }

  #or(): Formula | undefined {
    return this.#chain('or', () => this.#chain('and', () => this.#not()))
  }

  #chain(word: 'and' | 'or', read: () => Formula | undefined): Formula | undefined {
    const parts: Formula[] = []
    do {
      const part = read()
      if (part === undefined) return undefined
      parts.push(part)
    } while (this.#eat(word))
    return parts.length === 1 ? parts[0] : { kind: word, parts }
  }

  #not(): Formula | undefined {
    if (++this.#depth > MAX_NESTING) return this.#problem('the condition is nested too deeply')
    const formula = this.#eat('not') ? negated(this.#not()) : this.#primary()
    this.#depth -= 1
    return formula
  }

  #primary(): Formula | undefined {
    if (this.#eat('(')) {
      const inner = this.#or()
      if (inner === undefined) return undefined
      return this.#eat(')') ? inner : this.#problem('a closing bracket is missing')
    }
    const token = this.#tokens[this.#next]
    if (token === undefined) return this.#problem('the condition ends too early')
    this.#next += 1
    if (this.#tokens[this.#next]?.text.toLowerCase() === 'of') return this.#quantified(token.text)
    const selection = this.#condition.selections.get(token.text)
    if (selection === undefined) {
      this.#next -= 1
      return this.#problem(
        `there is no selection "${token.text}"${guess(token.text, this.#condition.selections.keys())}`,
      )
    }
    this.used.add(token.text)
    return selection
  }

  #quantified(quantity: string): Formula | undefined {
    const isAll = quantity.toLowerCase() === 'all'
    if (!isAll && quantity !== '1' && quantity.toLowerCase() !== 'any') {
      this.#next -= 1
      return this.#problem(`"${quantity} of" is not known: 1 of, any of or all of`)
    }
    this.#next += 1
    const pattern = this.#tokens[this.#next]?.text
    if (pattern === undefined) return this.#problem('the condition ends too early')
    const names = [...this.#condition.selections.keys()].filter((name) =>
      pattern.toLowerCase() === 'them' ? !name.startsWith('_') : isNamed(name, pattern),
    )
    if (names.length === 0) return this.#problem(`no selection is named "${pattern}"`)
    this.#next += 1
    for (const name of names) this.used.add(name)
    const parts = names.flatMap((name) => this.#condition.selections.get(name) ?? [])
    return { kind: isAll ? 'and' : 'or', parts }
  }

  #eat(word: string): boolean {
    if (this.#tokens[this.#next]?.text.toLowerCase() !== word) return false
    this.#next += 1
    return true
  }

  #problem(message: string): undefined {
    return this.#condition.file.problem(this.#condition.at + (this.#tokens[this.#next]?.at ?? 0), message)
  }
}

function negated(part: Formula | undefined): Formula | undefined {
  return part === undefined ? undefined : { kind: 'not', part }
}

/** `name*` or `*name` or `name`: a star stands for any letters. */
function isNamed(name: string, pattern: string): boolean {
  const [head = '', ...others] = pattern.split('*')
  const last = others.pop()
  if (last === undefined) return name === head
  let at = head.length
  if (!name.startsWith(head) || !name.endsWith(last)) return false
  for (const part of others) {
    const found = name.indexOf(part, at)
    if (found === -1) return false
    at = found + part.length
  }
  return at + last.length <= name.length
}
