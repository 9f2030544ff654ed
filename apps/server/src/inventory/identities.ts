import type { Answer, InventoryFindingWire } from '@holdfast/api'
import { sharedIdentity } from '@holdfast/declare'
import type { ProjectionStore } from '@holdfast/recorder'
import { hash } from 'node:crypto'
import type { ViewSources } from '../views/view-sources.ts'
import { AgentInventory } from './bom.ts'
import { decode, type IdentityDoc, type InventoryAgent } from './docs.ts'
import { keys } from './keys.ts'
import { IDENTITIES_LISTED, IDENTITY_PAGE, IDENTITY_ROWS_READ } from './limits.ts'
import { timeText } from './wire.ts'

/** Identities that several agents use: of one agent, or all. */
export function sharedIdentities(
  { store, reader }: Pick<ViewSources, 'store' | 'reader'>,
  agent: string | undefined,
): readonly InventoryFindingWire[] {
  const groups = agent === undefined ? allIdentities(store) : identitiesOf(store, agent)
  return [...groups].flatMap((docs) => {
    const [{ identity }] = docs
    const shared = sharedIdentity(
      identity,
      usersOf(docs),
      docs.flatMap(({ uses }) => uses),
    )
    if (shared === undefined) return []
    // As many as there are agents and proofs: more than a call takes arguments.
    const first = docs.flatMap(({ proof }) => proof).reduce((least, entry) => Math.min(least, entry), Infinity)
    const recordedAt = reader.entry(first)?.recordedAt ?? 0n
    return [
      {
        id: `shared-identity:${hash('sha256', identity, 'hex').slice(0, 24)}`,
        kind: 'shared-identity' as const,
        agent: agent ?? shared.agents[0]?.agent ?? '',
        title: `${shared.agents.length} agents act as ${identity}`,
        detail: `together they reach ${shared.union.length} actions on resources; each needs only its own`,
        since: timeText(recordedAt),
        proof: docs.flatMap(({ proof }) => proof.slice(0, 1)),
        identity,
        union: [...shared.union],
        agents: shared.agents.map((one) => ({
          agent: one.agent,
          uses: [...one.uses],
          loses: [...one.loses],
          proof: [...one.proof],
        })),
      },
    ]
  })
}

/** Non-human identities by name; of more than are listed, those of the most agents. */
export function listIdentities(store: ProjectionStore): Answer<'listIdentities'> {
  const rows = [...allIdentities(store)].map((docs) => ({
    docs,
    agents: docs.filter(({ isAuthority }) => !isAuthority).map(({ agent }) => agent),
  }))
  const listed = rows.toSorted((a, b) => b.agents.length - a.agents.length).slice(0, IDENTITIES_LISTED)
  const items = listed.map(({ docs, agents }) => {
    const [{ identity, kind }] = docs
    const owner = docs.map((doc) => ownerOf(store, doc.agent)).find((name) => name !== undefined)
    const calls = docs.reduce((sum, doc) => sum + doc.calls, 0)
    return { identity, kind, agents, calls, ...(owner === undefined ? {} : { owner }) }
  })
  return { items: items.toSorted((a, b) => (a.identity < b.identity ? -1 : 1)) }
}

type Group = readonly [IdentityDoc, ...IdentityDoc[]]

/** Read to their end: names that one sender makes up must not hide those of others. */
function* allIdentities(store: ProjectionStore): Generator<Group> {
  let group: [IdentityDoc, ...IdentityDoc[]] | undefined
  let after: string | undefined
  for (let read = 0; read < IDENTITY_ROWS_READ; read += IDENTITY_PAGE) {
    const page = { prefix: keys.identities(), limit: IDENTITY_PAGE, ...(after === undefined ? {} : { after }) }
    const rows = store.scan(page)
    for (const [key, bytes] of rows) {
      const doc = decode<IdentityDoc>(bytes)
      after = key
      // In the order of keys an identity's agents stand together.
      if (group?.[0].identity === doc.identity) group.push(doc)
      else {
        if (group !== undefined) yield group
        group = [doc]
      }
    }
    if (rows.length < IDENTITY_PAGE) break
  }
  if (group !== undefined) yield group
}

/** Those that are parts of the agent. */
function* identitiesOf(store: ProjectionStore, agent: string): Generator<Group> {
  const parts = AgentInventory.open(store, agent)?.parts() ?? []
  const names = parts.flatMap(({ component: { kind, name } }) => (kind === 'identity' ? [name] : []))
  for (const name of new Set(names)) {
    const rows = store.scan({ prefix: keys.agentsAs(name), limit: IDENTITY_PAGE })
    const [first, ...rest] = rows.map(([, bytes]) => decode<IdentityDoc>(bytes))
    if (first !== undefined) yield [first, ...rest]
  }
}

function ownerOf(store: ProjectionStore, agent: string): string | undefined {
  const bytes = store.get(keys.agent(agent))
  return bytes === undefined ? undefined : decode<InventoryAgent>(bytes).statements['owner']?.value
}

/** Who acts as an identity, with what the sessions that bear its name did: else an authority does not say who acted. */
function usersOf(
  docs: readonly IdentityDoc[],
): readonly { agent: string; uses: readonly string[]; proof: readonly number[] }[] {
  const sessions = docs.flatMap((doc) => Object.entries(doc.sessions))
  return docs
    .filter(({ isAuthority }) => !isAuthority)
    .map(({ agent, uses, proof }) => {
      const name = agent.slice(agent.lastIndexOf('/') + 1)
      const own = sessions.flatMap(([session, used]) =>
        session === name || session.startsWith(`${name}-`) ? used : [],
      )
      return { agent, uses: [...new Set([...uses, ...own])].toSorted(), proof }
    })
}
