import { agentIdOf, parseRfc3339, parseUnixNano } from '@holdfast/model'
import type { AgentId, AuthPlane, EventBody, Principal, UnixNano } from '@holdfast/model'
import type { Json } from '../decode/any-value.ts'
import { MAX_AUTHORITY_CHARS, MAX_RESOURCES, MAX_VIA } from './limits.ts'

type ApiCall = Extract<EventBody, { readonly kind: 'api-call' }>

/** One call that a record tells of, before its contents are hashed. */
export type Call = Omit<ApiCall, 'kind' | 'request' | 'response' | 'plane' | 'principal'>

export type Change = Omit<Extract<EventBody, { readonly kind: 'change' }>, 'kind'>

/** What one record of an authority's audit log says. All texts are untrusted. */
export type AuthorityReading = {
  readonly format: AuthorityFormat
  readonly plane: AuthPlane
  readonly principal: Principal
  readonly at: UnixNano
  /** The application that it is about, where it says what was done to one: the record then stands under that. */
  readonly subject?: { readonly id: string; readonly name: string; readonly account?: string }
  /** The source's own name of the record: a record that came twice gives the same events. */
  readonly recordId?: string
  /** Empty for a record of a stage that says nothing new (a request received, a watch begun). */
  readonly calls: readonly Call[]
  readonly changes: readonly Change[]
  /** Undefined where the record has none: it was not logged at that level. */
  readonly request?: Json
  readonly response?: Json
  /** Top-level fields that were read; the rest is counted as unmapped. */
  readonly fields: readonly string[]
}

export type AuthorityFormat =
  | 'cloudtrail'
  | 'kubernetes-audit'
  | 'gcp-audit'
  | 'azure-activity'
  | 'entra-audit'
  | 'openai-audit'
  | 'anthropic-audit'

/** A principal with bounded texts; fields that are not stated are left out. */
export function principalOf(stated: {
  readonly plane: AuthPlane
  readonly id: string | undefined
  readonly kind: Principal['kind']
  readonly account?: string | undefined
  readonly session?: string | undefined
  readonly via?: readonly (string | undefined)[]
  readonly credential?: string | undefined
}): Principal {
  const { plane, id, kind, account, session, via = [], credential } = stated
  const reached = [...new Set(via.filter((one) => one !== undefined && one !== '' && one !== id))] as string[] // undefined is filtered out
  return {
    plane,
    id: cut(id ?? 'unknown'),
    kind: id === undefined ? 'unknown' : kind,
    via: reached.slice(0, MAX_VIA).map(cut),
    ...(account === undefined ? {} : { account: cut(account) }),
    ...(session === undefined ? {} : { session: cut(session) }),
    ...(credential === undefined ? {} : { credential: cut(credential) }),
  }
}

/** Distinct resources in the order in which they were named, bounded. */
export function resourcesOf(named: readonly (string | undefined)[]): readonly string[] {
  const texts = named.flatMap((text) => (text === undefined || text === '' ? [] : [cut(text)]))
  return [...new Set(texts)].slice(0, MAX_RESOURCES)
}

export function cut(text: string): string {
  return text.slice(0, MAX_AUTHORITY_CHARS).toWellFormed()
}

/** The field where it has a value: an absent one must not stand in an event at all. */
export function given<K extends string, V>(key: K, value: V | undefined): { readonly [P in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { [P in K]?: V }) // one key, with its own value
}

/**
 * RFC 3339, the same with a space for the `T` and without a zone (UTC, as log pipelines write it), or seconds since 1970.
 * 0 where the record states no time that can be read.
 */
export function timeAt(value: Json | undefined): UnixNano {
  const zero = parseUnixNano(0n) as UnixNano // 0 is in range
  if (typeof value === 'number' && value > 0 && value < 1e11)
    return parseUnixNano(BigInt(Math.round(value * 1000)) * 1_000_000n) ?? zero
  if (typeof value !== 'string') return zero
  const spaced = value.trim().replace(/^(\d{4}-\d\d-\d\d) /, '$1T')
  return parseRfc3339(/(?:Z|[+-]\d\d:?\d\d)$/.test(spaced) ? spaced : `${spaced}Z`) ?? zero
}

/**
 * The agent under whose name an authority's record stands: the identity itself. Which agent acted as it is found by
 * identity when the log is folded, never by time.
 */
export function identityAgentOf({ plane, account, id }: Principal): {
  readonly agent: AgentId
  readonly agentName: string
} {
  const arn = /^arn:[^:]*:[^:]*:[^:]*:([^:]*):(.+)$/.exec(id)
  const name = arn?.[2] ?? id
  const owner = arn?.[1] === undefined || arn[1] === '' ? account : arn[1]
  const agent = agentIdOf({ kind: 'host', host: owner === undefined ? plane : `${plane} ${owner}`, service: name })
  return { agent, agentName: name }
}

/** The agent under whose name an application of a directory stands. */
export function applicationAgentOf({ id, name, account }: NonNullable<AuthorityReading['subject']>): {
  readonly agent: AgentId
  readonly agentName: string
} {
  const host = account === undefined ? DIRECTORY : `${DIRECTORY} ${account}`
  return { agent: agentIdOf({ kind: 'host', host, service: id }), agentName: name }
}

const DIRECTORY = 'entra'

/** True of an application that {@link applicationAgentOf} made: of those that nobody declared people want to know. */
export function isApplicationAgent(agent: string): boolean {
  return /^host:entra[ /]/.test(agent)
}

/**
 * True of an agent that is an identity of an account and nothing more: one that {@link identityAgentOf} made. Names of hosts have no
 * spaces; where an authority has no accounts its identities look like hosts, and are none here.
 */
export function isIdentityAgent(agent: string): boolean {
  return /^host:(?:aws|gcp|azure|entra) \S/.test(agent)
}
