import { conditionOperator, type ConditionOperator } from './condition-operators.ts'
import { contains } from './address-range.ts'
import { matches } from './match.ts'
import { listOf, type IamConditions } from './policy-document.ts'

/** What is known of a request: condition key in lower case -> its values. A key that is not there is absent, not empty. */
export type RequestContext = Readonly<Record<string, readonly string[]>>

/** True where every operator and key of the block holds (AWS: "Evaluation logic for multiple context keys or values"). */
export function conditionsHold(conditions: IamConditions | undefined, context: RequestContext): boolean {
  return Object.entries(conditions ?? {}).every(([name, keys]) => {
    const operator = conditionOperator(name)
    return (
      operator !== undefined &&
      Object.entries(keys).every(([key, values]) =>
        holds(operator, Object.hasOwn(context, key.toLowerCase()) ? context[key.toLowerCase()] : undefined, {
          values: listOf(values).map(String),
          context,
        }),
      )
    )
  })
}

type Wanted = { readonly values: readonly string[]; readonly context: RequestContext }

function holds(operator: ConditionOperator, found: readonly string[] | undefined, wanted: Wanted): boolean {
  const { base, isNegated, ifExists, set } = operator
  if (base === 'null') return wanted.values.some((value) => (value.toLowerCase() === 'true') === (found === undefined))
  if (found === undefined || found.length === 0) {
    if (ifExists || set === 'all') return true
    // What is absent is unequal to everything, except where one of several values is asked for.
    return isNegated && set !== 'any'
  }
  const isMet = (value: string): boolean =>
    isNegated
      ? !wanted.values.some((one) => compare(base, value, one, wanted.context))
      : wanted.values.some((one) => compare(base, value, one, wanted.context))
  if (set === 'any') return found.some(isMet)
  return set === 'all' || isNegated ? found.every(isMet) : found.some(isMet)
}

/** The comparison itself, negation apart. */
function compare(base: string, found: string, wanted: string, context: RequestContext): boolean {
  switch (base) {
    case 'stringequals':
    case 'stringnotequals':
    case 'binaryequals':
      return found === wanted
    case 'stringequalsignorecase':
    case 'stringnotequalsignorecase':
    case 'bool':
      return found.toLowerCase() === wanted.toLowerCase()
    case 'stringlike':
    case 'stringnotlike':
    case 'arnlike':
    case 'arnequals':
    case 'arnnotlike':
    case 'arnnotequals':
      return matches(wanted, found, context)
    case 'ipaddress':
    case 'notipaddress':
      return contains(wanted, found)
    case 'numericequals':
    case 'numericnotequals':
      return Number(found) === Number(wanted)
    case 'numericlessthan':
      return Number(found) < Number(wanted)
    case 'numericlessthanequals':
      return Number(found) <= Number(wanted)
    case 'numericgreaterthan':
      return Number(found) > Number(wanted)
    case 'numericgreaterthanequals':
      return Number(found) >= Number(wanted)
    case 'dateequals':
    case 'datenotequals':
      return timeOf(found) === timeOf(wanted)
    case 'datelessthan':
      return timeOf(found) < timeOf(wanted)
    case 'datelessthanequals':
      return timeOf(found) <= timeOf(wanted)
    case 'dategreaterthan':
      return timeOf(found) > timeOf(wanted)
    case 'dategreaterthanequals':
      return timeOf(found) >= timeOf(wanted)
    default:
      return false
  }
}

/** ISO 8601, or seconds since 1970. */
function timeOf(text: string): number {
  return /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text)
}
