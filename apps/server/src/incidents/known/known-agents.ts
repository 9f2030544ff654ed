import { rosterEntryOf } from '@holdfast/declare'
import type { AgentContext, ApprovedTool, CaseContext, KnownChange, ListedPeers } from '@holdfast/detect'
import { formatRfc3339, type AgentId, type Event, type Principal, type UnixNano } from '@holdfast/model'
import { principalName, type ScopeReport } from '@holdfast/observe'
import type { ProjectionStore } from '@holdfast/recorder'
import { AgentInventory } from '../../inventory/bom.ts'
import type { AboutAgent } from '../../inventory/inventory-queries.ts'
import { keys as inventoryKeys } from '../../inventory/keys.ts'
import { keys as profileKeys, partOf } from '../../profile/keys.ts'
import { decode as decodeProfile, type ProfileDoc } from '../../profile/docs.ts'
import type { RosterLog } from '../../roster/roster-log.ts'
import { decode as decodeScope, type ActingDoc } from '../../scope/docs.ts'
import { keys as scopeKeys } from '../../scope/keys.ts'
import { AgentPast } from './agent-past.ts'
import { memoised } from './memoised.ts'
import {
  AGENTS_ASKED,
  CHANGES_HELD,
  FILES_ASKED,
  PAST_MS,
  PASTS_HELD,
  PRINCIPALS_ASKED,
  SCOPES_ASKED,
} from './limits.ts'
import { principalPast } from './principal-past.ts'

export type KnownSources = {
  readonly roster: Pick<RosterLog, 'decisions' | 'now'>
  readonly profile: ProjectionStore
  readonly inventory: ProjectionStore
  readonly authority: ProjectionStore
  readonly about: (agent: string) => AboutAgent | undefined
  /** What an agent may against what it did, up to an instant in RFC 3339. */
  readonly scopeAt: (agent: string, at: string) => ScopeReport
}

type HeldAbout = { readonly about: AboutAgent | undefined; readonly cursor: number }
type Held = { readonly past: AgentPast | undefined; readonly cursor: number; readonly readAt: number }

/** Puts together what is known of the agents of a case from the projections: profile, authority, inventory and roster. */
export class KnownAgents {
  readonly #sources: KnownSources
  readonly #now: () => number
  readonly #held = new Map<string, Held>()
  readonly #abouts = new Map<string, HeldAbout>()

  /** `now`: milliseconds of a clock that only goes forward. */
  constructor(sources: KnownSources, { now }: { readonly now: () => number }) {
    this.#sources = sources
    this.#now = now
  }

  forget(): void {
    this.#held.clear()
    this.#abouts.clear()
  }

  /** How far the projections that are asked have folded the log. */
  cursors(): readonly number[] {
    const { profile, inventory, authority } = this.#sources
    return [profile.cursor, inventory.cursor, authority.cursor]
  }

  /** True where every projection that is asked has folded the log that far. */
  reaches(cursor: number): boolean {
    return this.cursors().every((reached) => reached >= cursor)
  }

  /** Agents that act under an identity of this one, the authority's own record of the identity among them. */
  sharing(agent: string): readonly string[] {
    const { authority } = this.#sources
    const acting = authority.scan({ prefix: scopeKeys.actingFrom(agent), limit: PRINCIPALS_ASKED })
    const names = acting.map(([, bytes]) => decodeScope<ActingDoc>(bytes).to)
    return [...new Set(this.#actingAs(names))].filter((other) => other !== agent)
  }

  /** What is known of the agents of these events. Each answer is read when it is asked for. */
  contextOf(events: readonly Event[]): CaseContext {
    const byAgent = Map.groupBy(events, ({ agent }) => agent.id)
    const contexts = new Map<AgentId, AgentContext | undefined>()
    return {
      ofAgent: (agent) => {
        if (!contexts.has(agent)) contexts.set(agent, this.#context(agent, byAgent.get(agent) ?? []))
        return contexts.get(agent)
      },
    }
  }

  #context(agent: AgentId, events: readonly Event[]): AgentContext {
    const { authority } = this.#sources
    const of = this.#about(agent)?.class ?? 'unclassified'
    const principals = principalsIn(events)
    const acting = this.#actingAs(identitiesIn(events))
    const firstEntry = events.reduce((least, { entry }) => Math.min(least, entry), Infinity)
    const until = events.reduce((last, { claimedAt }) => (claimedAt > last ? claimedAt : last), 0n)
    return {
      class: of,
      profileAt: memoised((at: bigint) => this.#past(agent, of, firstEntry)?.before(at)),
      authorityAt: memoised((at: bigint) =>
        // A time of an event.
        principals.length === 0 ? undefined : principalPast(authority, principals, at as UnixNano),
      ),
      scope: once(() => (principals.length === 0 ? undefined : this.#scope([agent, ...acting], until))),
      changes: this.#changes([agent, ...acting]),
      approved: once(() => this.#approved(agent)),
      listed: once(() => this.#listed(agent)),
      othersAt: memoised((folder: string) => this.#othersAt(agent, folder)),
    }
  }

  /** Held until the inventory has folded more: cases are judged by the hundred of one agent, and each asks this. */
  #about(agent: string): AboutAgent | undefined {
    const { about, inventory } = this.#sources
    const known = this.#abouts.get(agent)
    if (known?.cursor === inventory.cursor) return known.about
    const held = { about: about(agent), cursor: inventory.cursor }
    this.#abouts.delete(agent)
    this.#abouts.set(agent, held)
    const [oldest] = this.#abouts.keys()
    if (this.#abouts.size > PASTS_HELD && oldest !== undefined) this.#abouts.delete(oldest)
    return held.about
  }

  /** What an identity did is held against what those may that act as it: nobody grants anything to a record of an audit log. */
  #scope(agents: readonly string[], until: bigint): Pick<ScopeReport, 'inventoryGaps' | 'inheritedOverreach'> {
    const at = formatRfc3339(until as UnixNano) // a time of an event
    const reports = [...new Set(agents)].slice(0, SCOPES_ASKED).map((agent) => this.#sources.scopeAt(agent, at))
    return {
      inventoryGaps: reports.flatMap(({ inventoryGaps }) => inventoryGaps),
      inheritedOverreach: reports.flatMap(({ inheritedOverreach }) => inheritedOverreach),
    }
  }

  /** A past that was read after the case began holds what came before it; what is claimed late is taken in a little later. */
  #past(agent: string, of: AgentContext['class'], firstEntry: number): AgentPast | undefined {
    const { profile } = this.#sources
    const known = this.#held.get(agent)
    const isFresh =
      known !== undefined &&
      (known.cursor === profile.cursor || (known.cursor > firstEntry && this.#now() - known.readAt < PAST_MS))
    if (isFresh) {
      if (known.cursor !== profile.cursor) known.past?.forgetNames()
      return known.past
    }
    const past = AgentPast.open(profile, agent, of)
    this.#held.delete(agent)
    this.#held.set(agent, { past, cursor: profile.cursor, readAt: this.#now() })
    const [oldest] = this.#held.keys()
    if (this.#held.size > PASTS_HELD && oldest !== undefined) this.#held.delete(oldest)
    return past
  }

  #changes(agents: readonly string[]): readonly KnownChange[] {
    return [...new Set(agents)].flatMap((agent) =>
      (AgentInventory.open(this.#sources.inventory, agent)?.changes(Infinity) ?? []).slice(0, CHANGES_HELD),
    )
  }

  /** Agents that are known to act as one of these: what they were changed to do covers what their identity does. */
  #actingAs(identities: readonly string[]): readonly string[] {
    const { inventory } = this.#sources
    return identities
      .flatMap((name) => inventory.scan({ prefix: inventoryKeys.agentsAs(name), limit: AGENTS_ASKED }))
      .map(([key]) => decodeURIComponent(key.slice(key.lastIndexOf('/') + 1)))
  }

  /** Every approval that was ever given: of what came before the first nobody had said anything, and a later one approves too. */
  #approved(agent: string): readonly ApprovedTool[] {
    const names = [agent, this.#about(agent)?.name ?? agent]
    return this.#sources.roster.decisions().flatMap(({ entry, decision }) => {
      if (decision.do !== 'approve-tools' || !names.includes(decision.approved.agent)) return []
      const { server, tools } = decision.approved
      return tools.map(({ name, definition }) => ({ server, tool: name, definition, entry }))
    })
  }

  /** As the roster is now: who was let in since is no news any more. */
  #listed(agent: string): ListedPeers | undefined {
    const roster = this.#sources.roster.now()
    const entry = rosterEntryOf(roster, [agent, this.#about(agent)?.name ?? agent])
    const decided = entry && roster.decidedBy.get(entry.agent)
    return entry === undefined || decided === undefined ? undefined : { peers: entry.peers, entry: decided.entry }
  }

  #othersAt(agent: string, folder: string): readonly string[] {
    if (isEverybodys(folder)) return []
    const { profile } = this.#sources
    return profile
      .scan({ prefix: profileKeys.agents(), limit: AGENTS_ASKED })
      .map(([, bytes]) => decodeProfile<ProfileDoc>(bytes).id)
      .filter((other) => other !== agent && this.#usesFolder(other, folder))
  }

  #usesFolder(agent: string, folder: string): boolean {
    return this.#sources.profile
      .scan({ prefix: profileKeys.counts(agent, 'file'), limit: FILES_ASKED })
      .some(([key]) => partOf(key, 4).includes(` ${folder}`))
  }
}

/** True for folders of which each container has its own, and for those that hold the folders of many. */
function isEverybodys(folder: string): boolean {
  const [top, ...below] = folder.split('/').filter((part) => part !== '')
  if (top === undefined || OWN.has(top)) return true
  return below.length < (SCRATCH.has(top) ? 2 : HOLDERS.has(top) ? 1 : 0)
}

const OWN: ReadonlySet<string> = new Set(
  'app bin code dev etc home lib lib32 lib64 proc root sbin src sys usr work workspace'.split(' '),
)
const SCRATCH: ReadonlySet<string> = new Set(['tmp', 'var', 'run'])
const HOLDERS: ReadonlySet<string> = new Set(['mnt', 'srv', 'opt', 'media'])

function principalsIn(events: readonly Event[]): readonly Principal[] {
  const found = new Map<string, Principal>()
  for (const { body } of events)
    if (body.kind === 'api-call') found.set(principalName(body.principal.id), body.principal)
  return [...found.values()]
}

/** Under which names an agent may have stated that it acts: an authority tells the role and the session apart, a program is told both in one. */
function identitiesIn(events: readonly Event[]): readonly string[] {
  const names = events.flatMap(({ body }) => {
    if (body.kind !== 'api-call') return []
    const { id, session } = body.principal
    const role = /^arn:([^:]+):iam::([^:]*):role\/(?:.*\/)?([^/]+)$/.exec(id)
    if (role === null || session === undefined) return [id]
    return [id, `arn:${role[1]}:sts::${role[2]}:assumed-role/${role[3]}/${session}`]
  })
  return [...new Set(names)].slice(0, AGENTS_ASKED)
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined
  return () => (made ??= { value: make() }).value
}
