import type { Query } from '@holdfast/api'
import {
  AUTH_PLANES,
  formatRfc3339,
  parseRfc3339,
  parseUnixNanoText,
  type AuthPlane,
  type Grant,
  type UnixNano,
} from '@holdfast/model'
import { planeOfPrincipal, principalsOf, reconcileScope, WINDOW_DAYS } from '@holdfast/observe'
import type { ActsAs, ScopeInput, ScopeReport, StatedBinding, StatedGrant, Use } from '@holdfast/observe'
import { QuestionError, type ViewSources } from '../views/view-sources.ts'
import {
  decode,
  type ActingDoc,
  type DeclaredDoc,
  type HeardDoc,
  type OwnerDoc,
  type Proofs,
  type UseDoc,
} from './docs.ts'
import { keys } from './keys.ts'
import { DOCUMENTS_READ, PRINCIPALS_READ, USES_READ } from './limits.ts'

/** Questions on authority, by route name; the value is what the route's handler needs. */
export type ScopeQuestions = {
  /** `now`: the wall clock in decimal nanoseconds. */
  getScope: { readonly agent: string; readonly query: Query<'getScope'>; readonly now: string }
}

export type ScopeQuestion = keyof ScopeQuestions

export function isScopeQuestion(question: string): question is ScopeQuestion {
  return question === 'getScope'
}

const DAY_NANOS = 86_400_000_000_000n

/** Answers from the authority projection. */
export class ScopeQueries {
  readonly #store: ViewSources['store']

  constructor({ store }: Pick<ViewSources, 'store'>) {
    this.#store = store
  }

  /** What an agent may, held against what it did in the window. Throws `QuestionError`. */
  answer(_question: ScopeQuestion, args: unknown): ScopeReport {
    return reconcileScope(this.inputOf(args as ScopeQuestions['getScope'])) // ViewsClient.ask types the arguments by the question
  }

  /** What the report is made of: grants, bindings and every use. Throws `QuestionError`. */
  inputOf({ agent, query, now }: ScopeQuestions['getScope']): ScopeInput {
    const at = query.at === undefined ? undefined : parseRfc3339(query.at)
    if (query.at !== undefined && at === undefined)
      throw new QuestionError(400, `at: "${query.at}" is no RFC 3339 time`)
    const { grants, bindings } = this.#declared(agent, at)
    const known = { actsAs: this.#actsAs(agent, bindings), grants, bindings }
    const principals = [...principalsOf(known)]
    const days = daysUntil(at ?? this.#lastHeard(now, principals))
    const gaps: string[] = []
    const uses = principals.flatMap((principal) => this.#uses(principal, { days, at, gaps }))
    const owner = this.#get<OwnerDoc>(keys.owner(agent))?.owner
    return {
      agent,
      ...(owner === undefined ? {} : { owner }),
      ...known,
      uses: withServers(uses, grants),
      heard: this.#heard(days, agent),
      window: { from: days[0] ?? '', to: days.at(-1) ?? '', days: days.length },
      gaps,
    }
  }

  /**
   * Documents as they were in force: of one object the latest, and of one source the latest that describes it. Without a
   * time, the latest of all; a document that came later than the time asked for still stands where none came before it.
   */
  #declared(
    agent: string,
    at: UnixNano | undefined,
  ): { readonly grants: readonly StatedGrant[]; readonly bindings: readonly StatedBinding[] } {
    const rows = this.#store.scan({ prefix: keys.documents(), limit: DOCUMENTS_READ })
    const byObject = Map.groupBy(
      rows.map(([, bytes]) => decode<DeclaredDoc>(bytes)),
      ({ object }) => object,
    )
    const inForce = [...byObject.values()].flatMap((some) => {
      const until = at === undefined ? some : some.filter(({ claimedAt }) => BigInt(claimedAt) <= at)
      return (until.length === 0 ? some[0] : until.toSorted(byAge).at(-1)) ?? []
    })
    const latest = new Map<string, DeclaredDoc>()
    // What another agent says that it needs, or lets itself call, is not this one's.
    const isOwn = ({ role, plane }: Grant): boolean => role === 'capability' || plane === 'mcp'
    const ours = inForce.filter((doc) => doc.agent === agent || !doc.grants.some(isOwn))
    for (const doc of ours.toSorted(byAge)) for (const { source } of doc.grants) latest.set(source, doc)
    return {
      grants: [...new Set(latest.values())].flatMap((doc) =>
        doc.grants.flatMap((grant) => (latest.get(grant.source) === doc ? [{ grant, source: sourceOf(doc) }] : [])),
      ),
      bindings: [
        ...inForce.flatMap((doc) => doc.bindings.map((binding) => ({ binding, source: sourceOf(doc) }))),
        ...this.#store
          .scan({ prefix: keys.becomings(), limit: DOCUMENTS_READ })
          .map(([, bytes]) => becameBinding(decode(bytes))),
      ],
    }
  }

  /** The agent's principals, as records and documents name them; what its own documents bind it to among them. */
  #actsAs(agent: string, bindings: readonly StatedBinding[]): readonly ActsAs[] {
    const rows = this.#store.scan({ prefix: keys.actingFrom(agent), limit: PRINCIPALS_READ })
    const seen = rows.map(([, bytes]): ActsAs => {
      const { to, path, ancestor, statedBy, proofs } = decode<ActingDoc>(bytes)
      return {
        principal: to,
        path,
        ...(ancestor === undefined ? {} : { ancestor }),
        statedBy,
        entries: entriesOf(proofs),
      }
    })
    const stated = bindings.filter(({ binding }) => binding.subject === agent && binding.as === 'become')
    const declared = stated.map(({ binding, source }): ActsAs => ({
      principal: binding.source,
      path: binding.path,
      ...(binding.ancestor === undefined ? {} : { ancestor: binding.ancestor }),
      statedBy: source.document,
      entries: [source.entry],
    }))
    // The agent holds by itself what its client's configuration lets it call.
    const own = bindings.some(({ binding }) => binding.subject === agent && binding.plane === 'mcp')
    const itself: ActsAs = { principal: agent, path: 'direct', statedBy: 'its own configuration', entries: [] }
    // A document that says how an identity comes to the agent knows better than a record that only names it.
    const known = new Set(declared.map(({ principal }) => principal))
    return [...declared, ...seen.filter(({ principal }) => !known.has(principal)), ...(own ? [itself] : [])]
  }

  #uses(
    principal: string,
    {
      days,
      at,
      gaps,
    }: { readonly days: readonly string[]; readonly at: UnixNano | undefined; readonly gaps: string[] },
  ): readonly Use[] {
    return days.flatMap((day) => {
      const rows = this.#store.scan({ prefix: keys.usesOn(principal, day), limit: USES_READ })
      if (rows.length === USES_READ)
        gaps.push(`${principal} used more than ${USES_READ} things on ${day}: the rest is not counted`)
      return rows.flatMap(([, bytes]): readonly Use[] => {
        const { proofs, ...use } = decode<UseDoc>(bytes)
        const last = proofs[0]?.[0] ?? '0'
        // The last day counts to the instant that was asked for.
        const first = proofs.at(-1)?.[0] ?? '0'
        return at !== undefined && BigInt(first) > at ? [] : [{ ...use, last, entries: entriesOf(proofs) }]
      })
    })
  }

  /** The log of an account tells of all in it; of MCP each agent's own calls are the log, and say nothing of another's. */
  #heard(days: readonly string[], agent: string): ScopeInput['heard'] {
    const hears = (plane: AuthPlane, day: string): boolean =>
      plane === 'mcp'
        ? this.#store
            .scan({ prefix: keys.usesOn(agent, day), limit: USES_READ })
            .some(([, bytes]) => decode<UseDoc>(bytes).plane === 'mcp')
        : this.#store.get(keys.heard(plane, day)) !== undefined
    const heard = AUTH_PLANES.flatMap((plane) => {
      const count = days.filter((day) => hears(plane, day)).length
      return count === 0 ? [] : [[plane, { days: count }] as const]
    })
    return new Map(heard)
  }

  /**
   * Now, where the newest audit record of the agent's planes came live; else its own day: what was imported is looked at as
   * of its end.
   */
  #lastHeard(now: string, principals: readonly string[]): UnixNano {
    const present = parseUnixNanoText(now) ?? (0n as UnixNano) // the caller's own clock, which is in range
    const own = new Set(principals.map(planeOfPrincipal))
    const newest = AUTH_PLANES.filter((plane) => plane !== 'mcp' && (own.has(plane) || own.size === 0))
      .flatMap((plane) => this.#store.scan({ prefix: keys.heardOf(plane), limit: 1, reverse: true }))
      .map(([key, bytes]) => ({ day: key.slice(key.lastIndexOf('/') + 1), doc: decode<HeardDoc>(bytes) }))
      .toSorted((a, b) => (a.day < b.day ? 1 : -1))[0]
    if (newest === undefined || newest.doc.isLive) return present
    return parseRfc3339(`${newest.day}T23:59:59Z`) ?? present
  }

  #get<T>(key: string): T | undefined {
    const bytes = this.#store.get(key)
    return bytes === undefined ? undefined : decode<T>(bytes)
  }
}

function byAge(a: DeclaredDoc, b: DeclaredDoc): number {
  const [one, other] = [BigInt(a.claimedAt), BigInt(b.claimedAt)]
  return one === other ? a.entry - b.entry : one < other ? -1 : 1
}

function sourceOf({ document, format, entry }: DeclaredDoc): StatedGrant['source'] {
  return { document, format, entry }
}

function becameBinding({ from, to, plane, path, ancestor, statedBy, proofs }: ActingDoc): StatedBinding {
  const subjectKind = from.startsWith('system:serviceaccount:') ? 'service-account' : 'unknown'
  return {
    binding: {
      plane,
      subject: from,
      subjectKind,
      source: to,
      path,
      as: 'become',
      ...(ancestor === undefined ? {} : { ancestor }),
    },
    source: { document: 'audit log', format: statedBy, entry: proofs[0]?.[1] ?? 0 },
  }
}

function entriesOf(proofs: Proofs): readonly number[] {
  return proofs.map(([, entry]) => entry)
}

/** The days of the window, the oldest first. */
function daysUntil(to: UnixNano): readonly string[] {
  return Array.from({ length: WINDOW_DAYS }, (_, i) => {
    const time = to - BigInt(WINDOW_DAYS - 1 - i) * DAY_NANOS
    return formatRfc3339((time < 0n ? 0n : time) as UnixNano).slice(0, 10) // between 0 and `to`, which is in range
  })
}

/** Telemetry often names a tool without its server: where the configuration has one tool of that name, it is meant. */
function withServers(uses: readonly Use[], grants: readonly StatedGrant[]): readonly Use[] {
  const named = grants.filter(({ grant }) => grant.plane === 'mcp').flatMap(({ grant }) => grant.actions ?? [])
  if (named.length === 0) return uses.filter(({ plane }) => plane !== 'mcp')
  return uses.map((use) => {
    if (use.plane !== 'mcp' || !use.action.startsWith('-/')) return use
    const matches = named.filter((action) => action.endsWith(use.action.slice(1)))
    return matches.length === 1 && matches[0] !== undefined ? { ...use, action: matches[0] } : use
  })
}
