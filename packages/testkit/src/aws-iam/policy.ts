/** Evaluation of identity policies, by the documented logic of IAM, as far as the simulator of this server needs it. */

export type Statement = {
  readonly Sid?: string
  readonly Effect: 'Allow' | 'Deny'
  readonly Action?: string | readonly string[]
  readonly NotAction?: string | readonly string[]
  readonly Resource?: string | readonly string[]
  readonly NotResource?: string | readonly string[]
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>
}

export type PolicyDocument = { readonly Version: string; readonly Statement: readonly Statement[] }

export type Question = {
  readonly action: string
  readonly resource: string
  readonly context: ReadonlyMap<string, readonly string[]>
}

export type EvalDecision = 'allowed' | 'explicitDeny' | 'implicitDeny'

/** A document by the grammar of IAM; a sentence on what is wrong with it otherwise. */
export function parseDocument(text: string): PolicyDocument | string {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return 'Syntax errors in policy.'
  }
  const document = value as Partial<PolicyDocument> | null // looked at member by member below
  if (typeof document !== 'object' || document === null || document.Version !== '2012-10-17')
    return 'The policy must have a Version of 2012-10-17.'
  const given: unknown = document.Statement
  const statements = (Array.isArray(given) ? given : [given]) as readonly (Statement | undefined)[] // likewise
  const keys = Object.keys(document).filter((key) => !['Version', 'Statement', 'Id'].includes(key))
  if (keys.length > 0) return `Syntax errors in policy: ${keys.join(', ')}`
  const sids = statements.flatMap((statement) => statement?.Sid ?? [])
  if (new Set(sids).size < sids.length) return 'Statement IDs (SID) in a single policy must be unique.'
  const wrong = statements.flatMap((statement) => faultOf(statement) ?? [])[0]
  return wrong ?? { Version: '2012-10-17', Statement: statements as readonly Statement[] } // without a fault each is one
}

export function evaluate(
  question: Question,
  {
    policies,
    boundary,
  }: { readonly policies: readonly PolicyDocument[]; readonly boundary: PolicyDocument | undefined },
): EvalDecision {
  const inForce = boundary === undefined ? policies : [...policies, boundary]
  const says = (documents: readonly PolicyDocument[], effect: Statement['Effect']) =>
    documents.some(({ Statement }) => Statement.some((one) => one.Effect === effect && applies(one, question)))
  if (says(inForce, 'Deny')) return 'explicitDeny'
  return says(policies, 'Allow') && (boundary === undefined || says([boundary], 'Allow')) ? 'allowed' : 'implicitDeny'
}

function applies(statement: Statement, { action, resource, context }: Question): boolean {
  const { Action, NotAction, Resource, NotResource, Condition = {} } = statement
  const isAction =
    Action === undefined ? !matches(NotAction, action.toLowerCase(), true) : matches(Action, action.toLowerCase(), true)
  const isResource =
    Resource === undefined ? !matches(NotResource, resource) : matches(Resource, resource) || resource === '*'
  return isAction && isResource && Object.entries(Condition).every(([operator, keys]) => holds(operator, keys, context))
}

function holds(
  operator: string,
  keys: Readonly<Record<string, string | readonly string[]>>,
  context: Question['context'],
): boolean {
  return Object.entries(keys).every(([key, wanted]) => {
    const [value] = context.get(key) ?? []
    // A key that the request does not have meets no condition.
    if (value === undefined) return false
    return listOf(wanted).some((one) => {
      switch (operator) {
        case 'DateLessThan':
          return Date.parse(value) < Date.parse(one)
        case 'DateGreaterThan':
          return Date.parse(value) > Date.parse(one)
        case 'StringEquals':
          return value === one
        default:
          return false
      }
    })
  })
}

function faultOf(statement: Statement | undefined): string | undefined {
  if (typeof statement !== 'object' || statement === null) return 'Missing required field Statement'
  const { Sid = '', Effect, Action, NotAction, Resource, NotResource, Condition = {} } = statement
  if (Effect !== 'Allow' && Effect !== 'Deny') return 'Missing required field Effect'
  if (!/^[A-Za-z0-9]*$/.test(Sid)) return 'Statement IDs (SID) must be alpha-numeric.'
  if ((Action === undefined) === (NotAction === undefined)) return 'Policy statement must contain actions.'
  if ((Resource === undefined) === (NotResource === undefined)) return 'Policy statement must contain resources.'
  const action = listOf(Action ?? NotAction).find((one) => one !== '*' && !/^[a-z0-9-]+:[A-Za-z0-9*?]+$/i.test(one))
  if (action !== undefined) return 'Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.'
  const resource = listOf(Resource ?? NotResource).find((one) => one !== '*' && one.split(':').length < 6)
  if (resource !== undefined) return `Resource ${resource} must be in ARN format or "*".`
  const operator = Object.keys(Condition).find((one) => !/^(ForAllValues:|ForAnyValue:)?[A-Z][A-Za-z]+$/.test(one))
  return operator === undefined ? undefined : `Invalid Condition type : ${operator}.`
}

function matches(patterns: string | readonly string[] | undefined, text: string, isCaseFolded = false): boolean {
  return listOf(patterns).some((pattern) => wildcard(isCaseFolded ? pattern.toLowerCase() : pattern, text))
}

/** `*` and `?` alone; by hand, so that no pattern of a test takes long. */
function wildcard(pattern: string, text: string): boolean {
  let [at, from, star, mark] = [0, 0, -1, 0]
  while (from < text.length) {
    if (pattern[at] === '?' || (pattern[at] !== '*' && pattern[at] === text[from])) {
      at += 1
      from += 1
    } else if (pattern[at] === '*') {
      star = at
      mark = from
      at += 1
    } else if (star >= 0) {
      at = star + 1
      mark += 1
      from = mark
    } else return false
  }
  while (pattern[at] === '*') at += 1
  return at === pattern.length
}

function listOf(value: string | readonly string[] | undefined): readonly string[] {
  return typeof value === 'string' ? [value] : (value ?? [])
}
