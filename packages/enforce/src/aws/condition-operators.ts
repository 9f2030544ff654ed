/** What an operator compares; the set prefixes and `IfExists` are told apart first. */
export type ConditionOperator = {
  readonly base: string
  readonly isNegated: boolean
  readonly ifExists: boolean
  readonly set: 'all' | 'any' | undefined
}

const NEGATED = new Set([
  'stringnotequals',
  'stringnotequalsignorecase',
  'stringnotlike',
  'numericnotequals',
  'datenotequals',
  'notipaddress',
  'arnnotequals',
  'arnnotlike',
])

const KNOWN = new Set([
  ...NEGATED,
  'stringequals',
  'stringequalsignorecase',
  'stringlike',
  'numericequals',
  'numericlessthan',
  'numericlessthanequals',
  'numericgreaterthan',
  'numericgreaterthanequals',
  'dateequals',
  'datelessthan',
  'datelessthanequals',
  'dategreaterthan',
  'dategreaterthanequals',
  'bool',
  'binaryequals',
  'ipaddress',
  'arnequals',
  'arnlike',
  'null',
])

/** An operator of AWS's grammar, in any case; undefined for what it does not have. */
export function conditionOperator(text: string): ConditionOperator | undefined {
  const match = /^(?:(ForAllValues|ForAnyValue):)?([A-Za-z]+?)(IfExists)?$/i.exec(text)
  const base = match?.[2]?.toLowerCase() ?? ''
  const ifExists = match?.[3] !== undefined
  if (!KNOWN.has(base) || (base === 'null' && ifExists)) return undefined
  const set = match?.[1]?.toLowerCase()
  return {
    base,
    isNegated: NEGATED.has(base),
    ifExists,
    set: set === undefined ? undefined : set === 'forallvalues' ? 'all' : 'any',
  }
}
