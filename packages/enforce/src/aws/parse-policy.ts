import { conditionOperator } from './condition-operators.ts'
import { policySize, type IamPolicy } from './policy-document.ts'

export type PolicyFault = { readonly pointer: string; readonly why: string }

export type ParsedPolicy =
  | { readonly status: 'valid'; readonly policy: IamPolicy }
  | { readonly status: 'invalid'; readonly faults: readonly PolicyFault[] }

/** Characters of a managed policy, white space apart (AWS: "IAM and AWS STS quotas"); the quota cannot be raised. */
export const MANAGED_POLICY_CHARS = 6_144

/** Where a policy is attached: an identity's names no principal, a resource's does, a trust policy names no resource. */
export type PolicyPlace = 'identity' | 'resource' | 'trust'

/**
 * Holds untrusted JSON against AWS's grammar and says of each fault where it is. What is valid may still be refused by AWS for
 * what only AWS knows: that a principal does not exist, that a key is none of the service's.
 */
export function parsePolicy(value: unknown, place: PolicyPlace = 'identity'): ParsedPolicy {
  const faults: PolicyFault[] = []
  const fault = (pointer: string, why: string): void => void faults.push({ pointer, why })
  if (!isObject(value)) return { status: 'invalid', faults: [{ pointer: '', why: 'a policy is an object' }] }
  for (const key of Object.keys(value))
    if (!['Version', 'Id', 'Statement'].includes(key)) fault(`/${key}`, 'is no element of a policy')
  const { Version, Id, Statement } = value
  if (Version !== '2012-10-17' && Version !== '2008-10-17') fault('/Version', 'is neither 2012-10-17 nor 2008-10-17')
  if (Id !== undefined && typeof Id !== 'string') fault('/Id', 'is no text')
  const statements = Array.isArray(Statement) ? Statement : isObject(Statement) ? [Statement] : []
  if (statements.length === 0) fault('/Statement', 'holds no statement')
  const sids = new Set<string>()
  for (const [i, statement] of statements.entries()) {
    const at = Array.isArray(Statement) ? `/Statement/${i}` : '/Statement'
    if (!isObject(statement)) {
      fault(at, 'is no object')
      continue
    }
    checkStatement(statement, { at, place, fault })
    const sid = statement['Sid']
    if (typeof sid !== 'string') continue
    if (sids.has(sid)) fault(`${at}/Sid`, `"${sid}" is used twice`)
    sids.add(sid)
  }
  if (faults.length > 0) return { status: 'invalid', faults }
  // Every element was checked above; a single statement becomes a list of one.
  const policy = { ...value, Statement: statements } as unknown as IamPolicy
  const size = policySize(policy)
  if (place === 'identity' && size > MANAGED_POLICY_CHARS)
    return {
      status: 'invalid',
      faults: [{ pointer: '', why: `has ${size} characters, of which IAM takes ${MANAGED_POLICY_CHARS}` }],
    }
  return { status: 'valid', policy }
}

type Check = {
  readonly at: string
  readonly place: PolicyPlace
  readonly fault: (pointer: string, why: string) => void
}

const ELEMENTS = [
  'Sid',
  'Effect',
  'Principal',
  'NotPrincipal',
  'Action',
  'NotAction',
  'Resource',
  'NotResource',
  'Condition',
]

function checkStatement(statement: Readonly<Record<string, unknown>>, check: Check): void {
  const { at, place, fault } = check
  for (const key of Object.keys(statement))
    if (!ELEMENTS.includes(key)) fault(`${at}/${key}`, 'is no element of a statement')
  const { Sid, Effect, Condition } = statement
  // Resource policies of some services take more characters; those of an identity do not.
  const sids = place === 'identity' ? /^[A-Za-z0-9]*$/ : /^[^\n]*$/
  if (Sid !== undefined && (typeof Sid !== 'string' || !sids.test(Sid)))
    fault(`${at}/Sid`, 'takes letters and digits alone')
  if (Effect !== 'Allow' && Effect !== 'Deny') fault(`${at}/Effect`, 'is neither Allow nor Deny')
  exactlyOne(statement, ['Action', 'NotAction'], check)
  each(statement, ['Action', 'NotAction'], check, (text) =>
    /^(?:\*|[a-z0-9-]+:[A-Za-z0-9*?]+)$/i.test(text) ? undefined : `"${text}" is no action`,
  )
  if (place === 'trust') {
    for (const key of ['Resource', 'NotResource'])
      if (statement[key] !== undefined) fault(`${at}/${key}`, 'a trust policy names no resource')
  } else exactlyOne(statement, ['Resource', 'NotResource'], check)
  each(statement, ['Resource', 'NotResource'], check, (text) =>
    text === '*' || /^arn:[^:\s]+:[^:\s]+:[^:\s]*:[^:\s]*:\S/.test(text) ? undefined : `"${text}" is no ARN and no *`,
  )
  const principals = [statement['Principal'], statement['NotPrincipal']].filter((one) => one !== undefined)
  if (place === 'identity') {
    if (principals.length > 0) fault(`${at}/Principal`, 'a policy of an identity names no principal')
  } else if (principals.length !== 1) fault(`${at}/Principal`, 'needs one of Principal and NotPrincipal')
  for (const principal of principals)
    if (principal !== '*' && !isObject(principal)) fault(`${at}/Principal`, 'is neither * nor principals by kind')
  if (Condition !== undefined) checkConditions(Condition, { ...check, at: `${at}/Condition` })
}

function checkConditions(conditions: unknown, { at, fault }: Check): void {
  if (!isObject(conditions)) return fault(at, 'is no object')
  for (const [operator, keys] of Object.entries(conditions)) {
    if (conditionOperator(operator) === undefined) fault(`${at}/${operator}`, 'is no operator of a condition')
    if (!isObject(keys)) {
      fault(`${at}/${operator}`, 'holds no keys')
      continue
    }
    for (const [key, values] of Object.entries(keys))
      if (![values].flat().every((one) => ['string', 'number', 'boolean'].includes(typeof one)))
        fault(`${at}/${operator}/${key}`, 'is compared with what is no text, number or truth')
  }
}

function exactlyOne(statement: Readonly<Record<string, unknown>>, keys: readonly string[], { at, fault }: Check): void {
  const there = keys.filter((key) => statement[key] !== undefined)
  if (there.length !== 1) fault(`${at}/${keys[0]}`, `needs one of ${keys.join(' and ')}, and has ${there.length}`)
}

function each(
  statement: Readonly<Record<string, unknown>>,
  keys: readonly string[],
  { at, fault }: Check,
  faultOf: (text: string) => string | undefined,
): void {
  for (const key of keys) {
    const value = statement[key]
    if (value === undefined) continue
    const list: readonly unknown[] = Array.isArray(value) ? value : [value]
    if (list.length === 0) fault(`${at}/${key}`, 'is empty')
    for (const [i, one] of list.entries()) {
      const why = typeof one === 'string' ? faultOf(one) : 'is no text'
      if (why !== undefined) fault(Array.isArray(value) ? `${at}/${key}/${i}` : `${at}/${key}`, why)
    }
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
