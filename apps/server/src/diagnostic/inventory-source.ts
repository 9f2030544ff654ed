import type { BomChangeWire, BomRowWire } from '@holdfast/api'
import type { InventoryFacts, PartFact, PeerClass } from '@holdfast/reconcile'
import type { ViewsClient } from '../views/client.ts'
import { askView } from './ask-view.ts'
import { AGENTS_LOOKED_AT, PEERS_READ } from './limits.ts'
import type { QuestionSource } from './question-source.ts'

/** Q1, C1 and C2: the inventory at the instant, what changed since, and the classes of other agents. */
export function inventorySource(views: Pick<ViewsClient, 'ask'>): QuestionSource<InventoryFacts> {
  return async ({ agent, at }) => {
    const bom = await askView(views, 'getBom', { agent, query: { at } })
    if (bom === undefined) return undefined
    const diff = await askView(views, 'getBomDiff', { agent, query: { from: at } })
    const parts = bom.categories.flatMap(({ rows }) => rows.map(partOf))
    return {
      isKnown: parts.length > 0 || bom.documents.length > 0,
      parts,
      class: bom.class,
      classReasons: bom.classReasons,
      baseline: bom.baseline,
      changes: (diff?.changes ?? []).map((change) => ({
        what: wordsOf(change),
        ...(change.when === undefined ? {} : { when: change.when }),
        entries: change.proof,
      })),
      peers: await peersOf(views, agent, bom.class),
      leftOut: bom.leftOut,
    }
  }
}

function partOf({ kind, name, version, digest, standing, loaded, called, declared }: BomRowWire): PartFact {
  const ran = [...(loaded?.entries ?? []), ...(called?.entries ?? [])]
  return {
    kind,
    name,
    ...(version === undefined ? {} : { version }),
    ...(digest === undefined ? {} : { digest }),
    standing,
    entries: ran.length > 0 ? ran : (declared?.entries ?? []),
  }
}

function wordsOf({ change, kind, name, before, after }: BomChangeWire): string {
  const [from, to] = [before?.version ?? before?.name, after?.version ?? after?.name]
  return change === 'changed' ? `${kind} ${name}: ${from ?? '-'} to ${to ?? '-'}` : `${kind} ${name} ${change}`
}

/** Those that a rule by place would get wrong: beside it and of another class, elsewhere and of its own. */
async function peersOf(views: Pick<ViewsClient, 'ask'>, agent: string, own: string): Promise<readonly PeerClass[]> {
  const list = await askView(views, 'listAgents', { query: { limit: AGENTS_LOOKED_AT } })
  const place = namespaceOf(agent)
  const others = (list?.items ?? []).filter(
    ({ id, class: named }) => id !== agent && (namespaceOf(id) === place) !== (named === own),
  )
  const peers: PeerClass[] = []
  for (const { id } of others.slice(0, PEERS_READ)) {
    const bom = await askView(views, 'getBom', { agent: id, query: {} })
    if (bom !== undefined)
      peers.push({ agent: id, namespace: namespaceOf(id), class: bom.class, baseline: bom.baseline })
  }
  return peers
}

/** Cluster and namespace, or the host. */
function namespaceOf(agent: string): string {
  return agent.slice(0, agent.lastIndexOf('/'))
}
