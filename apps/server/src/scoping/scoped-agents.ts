import { resourceTexts } from '@holdfast/capture'
import type { AgentId, EventSummary } from '@holdfast/model'
import type { LogReader } from '@holdfast/recorder'
import type { ScopedAgent } from '@holdfast/respond'
import { RESOURCES_READ } from './limits.ts'
import type { Material } from './material.ts'

type Sources = {
  readonly reader: Pick<LogReader, 'entry'>
  /** Images that documents or the kernel name of an agent. */
  readonly imagesOf: (agent: string) => readonly string[]
}

/** Agents as those who can hold them know them: from their ids, and from the resources that their records came with. */
export function scopedAgents(
  { events }: Material,
  ids: readonly AgentId[],
  { reader, imagesOf }: Sources,
): readonly ScopedAgent[] {
  const own = Map.groupBy(events, ({ agent }) => agent.id)
  return ids.map((id) => {
    const told = own.get(id) ?? []
    const resources = resourcesOf(told, reader)
    const texts = (...keys: readonly string[]): readonly string[] =>
      sorted(resources.flatMap((resource) => keys.flatMap((key) => resource.get(key) ?? [])))
    const images = resources.flatMap((resource) => imageOf(resource) ?? [])
    return {
      id,
      name: told[0]?.agent.name ?? id.slice(id.lastIndexOf('/') + 1),
      ...placeOf(id),
      pods: texts('k8s.pod.name'),
      nodes: texts('k8s.node.name'),
      images: sorted([...images, ...imagesOf(id)]),
    }
  })
}

/** What stands in `k8s:<cluster>/<namespace>/<workload>`; `-` is what the source did not say. */
function placeOf(id: AgentId): Pick<ScopedAgent, 'cluster' | 'namespace' | 'workload'> {
  const parts = /^k8s:([^/]+)\/([^/]+)\/([^/]+)$/.exec(id)
  if (parts === null) return {}
  const [cluster, namespace, workload] = parts.slice(1).map((part) => (part === '-' ? undefined : part))
  return {
    ...(cluster === undefined ? {} : { cluster }),
    ...(namespace === undefined ? {} : { namespace }),
    ...(workload === undefined ? {} : { workload }),
  }
}

/** One resource for each instance and channel of the agent: all records of an instance come with the same. */
function resourcesOf(
  events: readonly EventSummary[],
  reader: Pick<LogReader, 'entry'>,
): readonly ReadonlyMap<string, string>[] {
  const first = new Map<string, number>()
  for (const { agent, source, entry } of events) {
    const key = JSON.stringify([agent.instance, source.channel, source.instrumentation])
    if (!first.has(key)) first.set(key, entry)
  }
  return [...first.values()].slice(0, RESOURCES_READ).flatMap((index) => {
    const entry = reader.entry(index)
    return entry === undefined ? [] : [resourceTexts(entry.envelope)]
  })
}

function imageOf(resource: ReadonlyMap<string, string>): string | undefined {
  const name = resource.get('container.image.name')
  const tag = resource.get('container.image.tag')
  return name === undefined || tag === undefined || name.includes(':') ? name : `${name}:${tag}`
}

function sorted(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)].toSorted()
}
