import { containerOf, covers } from '@holdfast/observe'
import { actionClass, type ActionClass, type ResourceType } from './reference.ts'

/** How much of a resource's name a line keeps: `container` of `exports/2026/a.csv` is the bucket, `prefix` its folder. */
export type AwsGranularity = 'container' | 'prefix' | 'object'

export type Narrowed = {
  readonly resources: readonly string[]
  /**
   * `told`: as seen. `untold`: the log does not say on what, so that the patterns are those of the action's types, in the
   * account of the principal. `many`: more than a policy can list, so likewise.
   */
  readonly basis: 'told' | 'untold' | 'many'
}

/** Resources of one action that are listed; a policy has room for some sixty ARNs. */
const MOST_RESOURCES = 200

/**
 * Patterns for what one action was seen on: of the types that AWS documents for it, since a request for another one is never
 * asked. An action without types is let by `*` alone.
 */
export function narrowed(
  action: string,
  seen: readonly string[],
  { granularity, principal }: { readonly granularity: AwsGranularity; readonly principal: string },
): Narrowed {
  const own = actionClass(action)
  if (own !== undefined && own.types.length === 0) return { resources: ['*'], basis: 'told' }
  const on = seen.flatMap((one) => requestedResource(own, one) ?? [])
  const types = own?.types ?? []
  if (on.length === 0) {
    const needed = types.filter(({ isNeeded }) => isNeeded)
    return { resources: ofTypes(needed.length > 0 ? needed : types, principal), basis: 'untold' }
  }
  const patterns = new Set(on.map((one) => patternOf(one, granularity)))
  const kinds = withoutVolatile([...patterns], granularity)
  if (kinds.length > MOST_RESOURCES) {
    const met = types.filter(({ arn }) => on.some((one) => covers('aws', 'resource', arn, one)))
    return { resources: ofTypes(met, principal), basis: 'many' }
  }
  return { resources: distinct([...kinds, ...missing(own, on, principal)]), basis: 'told' }
}

function ofTypes(types: readonly ResourceType[], principal: string): readonly string[] {
  return types.length === 0 ? ['*'] : distinct(types.map((type) => inAccount(type, principal)))
}

/**
 * The resource that a request for the action names, where a record names this one: a list of a bucket is asked of the bucket,
 * though the record names an object. Undefined for an ARN that is only among the parameters.
 */
export function requestedResource(own: ActionClass | undefined, resource: string): string | undefined {
  if (own === undefined) return resource
  const s3 = /^(arn:[^:]+:s3:::[^/]+)\/.*$/s.exec(resource)
  const asked = s3 !== null && !own.types.some(({ arn }) => arn.endsWith('/*')) ? (s3[1] ?? resource) : resource
  return own.types.some(({ arn }) => covers('aws', 'resource', arn, asked)) ? asked : undefined
}

/** A secret is called by its name or by its ARN, which ends in six random characters: its name as such an ARN. */
export function secretArn(resource: string): string {
  return isSecretByName(resource) ? `${resource}-AAAAAA` : resource
}

function isSecretByName(resource: string): boolean {
  return /^arn:[^:]+:secretsmanager:[^:]*:[^:]*:secret:/.test(resource) && !/-[A-Za-z0-9]{6}$/.test(resource)
}

function patternOf(resource: string, granularity: AwsGranularity): string {
  const literal = resource.replaceAll('*', '?')
  if (isSecretByName(literal)) return `${literal}-??????`
  switch (granularity) {
    case 'object':
      return literal
    case 'prefix': {
      const folder = /^(arn:[^:]+:s3:::[^/]+\/[^/]+)\/.+$/s.exec(literal)?.[1]
      return folder === undefined ? literal : `${folder}/*`
    }
    case 'container':
      return containerOf('aws', literal)
  }
}

/**
 * A write that names several types asks for each of them, so those that the record did not name are let by their pattern;
 * a read that names several takes any one.
 */
function missing(own: ActionClass | undefined, on: readonly string[], principal: string): readonly string[] {
  if (own === undefined || own.level === 'read' || own.level === 'list') return []
  return own.types
    .filter(({ isNeeded, arn }) => isNeeded && !on.some((one) => covers('aws', 'resource', arn, one)))
    .map((type) => inAccount(type, principal))
}

/** The pattern of a type in the partition and account of the principal: what is elsewhere was not seen. */
function inAccount({ arn }: ResourceType, principal: string): string {
  const own = /^arn:([^:]+):[^:]+:[^:]*:(\d{12}):/.exec(principal)
  const [, , service = '', region = '', account = '', ...rest] = arn.split(':')
  if (own === null || rest.length === 0) return arn.replace(/^arn:\*/, 'arn:aws')
  return ['arn', own[1], service, region, account === '*' ? own[2] : account, ...rest].join(':')
}

/** Distinct made-up ids of one kind before all of that kind are meant; fewer are as many fixed things. */
const VOLATILE_FROM = 3

/** Instances, commands and sessions come and go: several ids of one kind are the kind. */
function withoutVolatile(patterns: readonly string[], granularity: AwsGranularity): readonly string[] {
  if (granularity === 'object') return patterns
  const byKind = Map.groupBy(patterns, (one) => VOLATILE.exec(one)?.[1] ?? one)
  return [...byKind].flatMap(([kind, some]) => (kind !== some[0] && some.length >= VOLATILE_FROM ? [`${kind}*`] : some))
}

const VOLATILE =
  /^(arn:.*[/:](?:[a-z]{1,10}-)?)(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{8}|[0-9a-f]{17}|[0-9a-f]{32})$/i

function distinct(list: readonly string[]): readonly string[] {
  const all = [...new Set(list)].toSorted()
  return all.filter((one) => !all.some((other) => other !== one && covers('aws', 'resource', other, one)))
}
