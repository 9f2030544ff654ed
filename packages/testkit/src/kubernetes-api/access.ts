import type { Target } from './resources.ts'
import { RESOURCES } from './resources.ts'

/** What a token may do, as a Role says it. `*` is all. */
export type AccessRule = {
  readonly verbs: readonly string[]
  readonly groups: readonly string[]
  readonly resources: readonly string[]
  /** Absent: in every namespace, and what has none. */
  readonly namespaces?: readonly string[]
}

export type ApiUser = { readonly name: string; readonly rules: readonly AccessRule[] }

export type Asked = {
  readonly verb: string
  readonly group: string
  readonly resource: string
  readonly namespace?: string
}

export function isAllowed({ rules }: ApiUser, { verb, group, resource, namespace }: Asked): boolean {
  const has = (list: readonly string[], one: string) => list.includes('*') || list.includes(one)
  return rules.some(
    (rule) =>
      has(rule.verbs, verb) &&
      has(rule.groups, group) &&
      has(rule.resources, resource) &&
      (rule.namespaces === undefined || (namespace !== undefined && rule.namespaces.includes(namespace))),
  )
}

export function forbiddenWords({ name }: ApiUser, { verb, group, resource, namespace }: Asked): string {
  const where = namespace === undefined ? 'at the cluster scope' : `in the namespace "${namespace}"`
  const full = group === '' ? resource : `${resource}.${group}`
  return `${full} is forbidden: User "${name}" cannot ${verb} resource "${resource}" in API group "${group}" ${where}`
}

export function askedOf({ resource, namespace }: Target, verb: string): Asked {
  return { verb, group: RESOURCES[resource].group, resource, ...(namespace === undefined ? {} : { namespace }) }
}
