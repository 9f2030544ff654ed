import type { Grant } from '@holdfast/model'
import { covers, isWild } from './pattern.ts'
import { principalName } from './principal-name.ts'

/** `never`: it cannot hold for this principal. `open`: it depends on the request, and is shown as it is written. */
export type ConditionOutcome =
  | { readonly kind: 'always' }
  | { readonly kind: 'never'; readonly text: string }
  | { readonly kind: 'open'; readonly texts: readonly string[] }

/**
 * Decides conditions as far as the principal alone decides them: its ARN, its account. All of them must hold, and any value
 * of one is enough (AWS: "Evaluation logic for multiple context keys or values").
 */
export function conditionOf(conditions: Grant['conditions'], principal: string): ConditionOutcome {
  const open: string[] = []
  for (const [operator, keys] of Object.entries(conditions))
    for (const [key, values] of Object.entries(keys)) {
      const text = `${key} ${operator} ${values.join(', ')}`
      const known = factOf(key.toLowerCase(), principal)
      const holds = known === undefined ? undefined : compared(operator, known, values)
      if (holds === false) return { kind: 'never', text }
      if (holds === undefined) open.push(text)
    }
  return open.length === 0 ? { kind: 'always' } : { kind: 'open', texts: open }
}

function factOf(key: string, principal: string): string | undefined {
  const account = /^arn:[^:]+:(?:iam|sts)::(\d{12}):/.exec(principal)?.[1]
  if (account === undefined) return undefined
  if (key === 'aws:principalarn') return principal
  return key === 'aws:principalaccount' ? account : undefined
}

/** Undefined where it depends on what is not known. */
function compared(operator: string, known: string, values: readonly string[]): boolean | undefined {
  // `IfExists` changes nothing for a key that is there; a set operator asks for a list, which these keys are not.
  const plain = operator.replace(/IfExists$/i, '').toLowerCase()
  switch (plain) {
    case 'stringequals':
      return anyOf(values.map((value) => principalName(value) === known))
    case 'stringnotequals':
      return not(anyOf(values.map((value) => principalName(value) === known)))
    case 'stringequalsignorecase':
      return anyOf(values.map((value) => isSameWithoutCase(value, known)))
    case 'stringnotequalsignorecase':
      return not(anyOf(values.map((value) => isSameWithoutCase(value, known))))
    case 'stringlike':
    case 'arnlike':
    case 'arnequals':
      return anyOf(values.map((value) => isLike(value, known)))
    case 'stringnotlike':
    case 'arnnotlike':
    case 'arnnotequals':
      return not(anyOf(values.map((value) => isLike(value, known))))
    default:
      return undefined
  }
}

/** Of these operators alone a wildcard is one. The path of a role is not in its one name: a pattern for a path may hold. */
function isLike(pattern: string, known: string): boolean | undefined {
  const isIn = covers('aws', 'resource', principalName(pattern), known)
  return isIn && isWild(pattern) && /:(?:role|user|group)\/[^/]+\//.test(pattern) ? undefined : isIn
}

function isSameWithoutCase(value: string, known: string): boolean {
  return principalName(value.toLowerCase()) === known.toLowerCase()
}

function anyOf(outcomes: readonly (boolean | undefined)[]): boolean | undefined {
  if (outcomes.includes(true)) return true
  return outcomes.includes(undefined) ? undefined : false
}

function not(outcome: boolean | undefined): boolean | undefined {
  return outcome === undefined ? undefined : !outcome
}
