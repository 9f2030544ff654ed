import { counted } from '@holdfast/model'
import type { FoundCheck } from './found-check.ts'

type Means = {
  /** Hosts of sensors that are connected. */
  readonly sensors: readonly string[]
  /** Proxies that take orders now. */
  readonly proxies: number
  /** Systems that connectors.yaml names. */
  readonly connectors: number
}

/** Whether anything could hold an agent now. What each connector may is checked by the connector itself. */
export function holdCheck({ sensors, proxies, connectors }: Means): FoundCheck {
  const about = { id: 'containment', title: 'means to hold an agent' } as const
  const means = [
    ...(sensors.length === 0 ? [] : [`kernel sensors on ${counted(sensors.length, 'host')}`]),
    ...(proxies === 0 ? [] : [`${proxies} proxies`]),
    ...(connectors === 0 ? [] : [`${connectors} connectors`]),
  ]
  if (means.length > 0) return { ...about, status: 'PASS', detail: means.join(', ') }
  return {
    ...about,
    status: 'WARN',
    detail: 'no kernel sensor, no proxy and no connector: a plan could be made and nothing could carry it out',
    remedy:
      'start the agent with `holdfast run -- CMD` (takes the kernel sensor), put `holdfast mcp` or `holdfast llm` in front of it, or name a cluster in connectors.yaml (docs/connectors.md)',
  }
}
