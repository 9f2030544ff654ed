import { networkInterfaces } from 'node:os'
import type { PolicyInForce } from '@holdfast/model'

/** What other systems say of an agent's layers, read when policies are derived. */
export type Around = {
  readonly inForce: readonly PolicyInForce[]
  /** Planes whose policies were read, so that none means none. */
  readonly planesRead: readonly PolicyInForce['plane'][]
  /** Labels that select its pods, where a cluster says so. */
  readonly labels?: Readonly<Record<string, string>>
  /** Where agents hand their telemetry in, `address:port/protocol`: never cut. */
  readonly collector: readonly string[]
}

/** A system that knows the policies that stand in it, beside ours. */
export type PolicySource = {
  readonly name: string
  /** Undefined where it could not be asked, or knows nothing of the agent: then nothing is claimed of its plane. */
  readonly policiesOf: (agent: string) => Promise<
    | {
        readonly plane: PolicyInForce['plane']
        readonly policies: readonly PolicyInForce[]
        readonly labels?: Readonly<Record<string, string>>
      }
    | undefined
  >
}

/** Asks every source; one that fails is left out and told, because a policy without it only claims less. */
export function aroundAgents(given: {
  readonly sources: readonly PolicySource[]
  readonly collector: readonly string[]
  readonly onError: (error: unknown, source: string) => void
}): (agent: string) => Promise<Around> {
  const { sources, collector, onError } = given
  return async (agent) => {
    const found = await Promise.all(
      sources.map(async (source) => {
        try {
          return await source.policiesOf(agent)
        } catch (error) {
          onError(error, source.name)
          return undefined
        }
      }),
    )
    const known = found.filter((one) => one !== undefined)
    const labels = known.find((one) => one.labels !== undefined)?.labels
    return {
      inForce: known.flatMap(({ policies }) => policies),
      planesRead: [...new Set(known.map(({ plane }) => plane))],
      collector,
      ...(labels === undefined ? {} : { labels }),
    }
  }
}

/** Where agents reach the collector: on this machine, which is loopback to a run and to no pod, and from others. */
export function collectorPlaces(host: string, ports: readonly number[]): readonly string[] {
  const isAny = host === '0.0.0.0' || host === '::'
  const outside = isAny
    ? Object.values(networkInterfaces()).flatMap((some) => (some ?? []).filter(({ internal }) => !internal))
    : []
  const places = isAny || host === 'localhost' ? ['127.0.0.1', '::1', ...outside.map(({ address }) => address)] : [host]
  return places.flatMap((place) => ports.map((port) => `${place}:${port}/tcp`))
}
