import { componentId, placed } from '@holdfast/declare'
import { agentIdOf, parseUnixNano, type AgentId, type Component, type Sighting, type UnixNano } from '@holdfast/model'
import { seededRandom } from '../../apps/server/src/testing/seeded-random.ts'

const DAYS = 14
const START = 1_795_000_000_000_000_000n
const MINUTE_NANOS = 60_000_000_000n
export const SPAN_NANOS = BigInt(DAYS) * 1_440n * MINUTE_NANOS
export const AGENTS = 50

/** One recorded event: an agent called or loaded something. */
export type Row = {
  readonly agent: AgentId
  readonly id: string
  readonly sighting: Sighting
}

type Known = { readonly component: Component; readonly id: string; readonly sight: Sighting['sight'] }

/**
 * So many events of fifty agents over two weeks, in the order of time, the same for the same seed: each agent works by day,
 * changes its model and prompt some times, calls thirty tools and loads a server when the second week begins.
 */
export function* rowsOf(events: number, seed: number): Generator<Row> {
  const random = seededRandom(seed)
  const agents = Array.from({ length: AGENTS }, (_, i) =>
    agentIdOf({ kind: 'k8s', namespace: 'bench', workload: `agent-${i}` }),
  )
  const tools = Array.from({ length: 30 }, (_, i) =>
    known({ kind: 'tool', name: `tool_${i}`, details: { server: `server-${i % 3}` } }, 'called'),
  )
  const sources = Array.from({ length: 10 }, (_, i) =>
    known({ kind: 'data-source', name: `corpus-${i}`, details: {} }, 'called'),
  )
  const models = Array.from({ length: 4 }, (_, i) =>
    known({ kind: 'model', name: `model-${'abcd'[i] ?? ''}`, details: {} }, 'called'),
  )
  const prompts = Array.from({ length: 6 }, (_, i) =>
    known(
      {
        kind: 'prompt-template',
        name: 'system prompt',
        digest: i.toString(16).padStart(64, '0'),
        slot: 'prompt-template:x',
        details: {},
      },
      'loaded',
    ),
  )
  const loaded = known({ kind: 'mcp-server', name: 'side-loaded', version: '1.0', details: {} }, 'loaded')
  for (let entry = 0; entry < events; entry++) {
    const at = START + (SPAN_NANOS * BigInt(entry)) / BigInt(events)
    const day = Number((at - START) / (1_440n * MINUTE_NANOS))
    const number = Math.floor(random() * AGENTS)
    const kind = random()
    const one =
      kind < 0.35
        ? pick(models, Math.floor((day + number) / 4))
        : kind < 0.6
          ? pick(prompts, Math.floor((day + number) / 3))
          : kind < 0.9
            ? pick(tools, Math.floor(random() * tools.length))
            : kind < 0.98 || day < 7
              ? pick(sources, Math.floor(random() * sources.length))
              : loaded
    const agent = agents[number] ?? pick(agents, 0)
    yield { agent, id: one.id, sighting: sightingOf(one, { at, entry }) }
  }
}

function known(component: Component, sight: Sighting['sight']): Known {
  const own = placed(component)
  return { component: own, id: componentId(own), sight }
}

function pick<T>(list: readonly T[], index: number): T {
  return list[index % list.length] as T // no list here is empty
}

function sightingOf(
  { component, sight }: Known,
  { at, entry }: { readonly at: bigint; readonly entry: number },
): Sighting {
  const time = parseUnixNano(at) as UnixNano // two weeks in 2026
  return { component, sight, claimedAt: time, recordedAt: time, entry, tier: 'boundary' }
}

/** An instant of the span, by chance. */
export function instantOf(random: () => number): bigint {
  return START + (SPAN_NANOS * BigInt(Math.floor(random() * 1_000_000))) / 1_000_000n
}
