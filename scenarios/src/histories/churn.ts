import type { SimulatedAgent } from './otlp-line.ts'

const DAY_MS = 86_400_000
const CYCLES_A_DAY = 4
const CYCLE_MS = DAY_MS / CYCLES_A_DAY
/** Requirement F10: 5 to 50 to 8 replicas four times a day for 14 days, with 1,900 pod starts. */
const POD_STARTS = 1_900
const FLOOR = 8
const CEILING = 50

export type Churn = {
  /** Kubernetes watch events by day. */
  readonly records: readonly (readonly string[])[]
  /** A pod that runs at that time; `share` in [0, 1) says which. */
  readonly podAt: (at: number, share: number) => string
}

type Pod = { readonly name: string; readonly from: number; to: number }

/** Scaling of one Deployment, drains included, as a Kubernetes watch tells it: exactly {@link POD_STARTS} pods start. */
export function churnOf(
  { cluster, namespace, deployment }: SimulatedAgent,
  { startMs, days, random }: { readonly startMs: number; readonly days: number; readonly random: () => number },
): Churn {
  const pods: Pod[] = []
  const records: string[][] = Array.from({ length: days }, () => [])
  const tell = (at: number, record: object): void => {
    // A watch does not say of which cluster it is; the frame does.
    const frame = { agent: { cluster, namespace, workload: deployment }, record }
    records[Math.min(days - 1, Math.floor((at - startMs) / DAY_MS))]?.push(JSON.stringify({ holdfastChange: frame }))
  }
  const running = (): Pod[] => pods.filter(({ to }) => to === Infinity)
  const podRecord = (type: string, pod: Pod, at: number) => ({
    type,
    object: {
      kind: 'Pod',
      metadata: {
        name: pod.name,
        namespace,
        uid: `uid-${pod.name}`,
        creationTimestamp: new Date(pod.from).toISOString(),
        ...(type === 'DELETED' ? { deletionTimestamp: new Date(at).toISOString() } : {}),
        ownerReferences: [{ kind: 'ReplicaSet', name: `${deployment}-5d9c7b6f48` }],
      },
    },
  })
  const start = (at: number): void => {
    const pod = { name: `${deployment}-5d9c7b6f48-${suffix(random)}`, from: at, to: Infinity }
    pods.push(pod)
    tell(at, podRecord('ADDED', pod, at))
  }
  const end = (pod: Pod, at: number): void => {
    pod.to = at
    tell(at, podRecord('DELETED', pod, at))
  }
  const scaled = (at: number, from: number, to: number): void => {
    const message = `Scaled ${to > from ? 'up' : 'down'} replica set ${deployment}-5d9c7b6f48 to ${to} from ${from}`
    const involvedObject = { kind: 'Deployment', namespace, name: deployment }
    const metadata = { uid: `scaled-${at}` }
    tell(at, {
      type: 'ADDED',
      object: {
        kind: 'Event',
        reason: 'ScalingReplicaSet',
        message,
        metadata,
        lastTimestamp: new Date(at).toISOString(),
        involvedObject,
      },
    })
  }
  for (let i = 0; i < 5; i += 1) start(startMs)
  const cycles = days * CYCLES_A_DAY
  for (let cycle = 0; cycle < cycles; cycle += 1) {
    const at = startMs + cycle * CYCLE_MS + CYCLE_MS / 4
    const left = Math.ceil((POD_STARTS - pods.length) / (cycles - cycle))
    const isLast = cycle === cycles - 1
    // Once a day a node is drained: its pods end, and as many start elsewhere.
    const drained = cycle % CYCLES_A_DAY === 2 && !isLast ? running().slice(0, Math.min(5, left)) : []
    for (const pod of drained) {
      end(pod, at)
      start(at)
    }
    const before = running().length
    const wanted = isLast ? POD_STARTS - pods.length : left - drained.length
    const peak = cycle % CYCLES_A_DAY === 0 && !isLast ? CEILING : Math.min(CEILING, before + Math.max(0, wanted))
    const room = Math.max(0, Math.min(peak - before, POD_STARTS - pods.length))
    for (let i = 0; i < room; i += 1) start(at + i * 1_000)
    scaled(at + 60_000, before, before + room)
    const until = at + CYCLE_MS / 2
    for (const pod of running().slice(0, Math.max(0, running().length - FLOOR))) end(pod, until)
    scaled(until, before + room, FLOOR)
  }
  return {
    records,
    podAt: (at, share) => {
      const alive = pods.filter(({ from, to }) => from <= at && at < to)
      return (alive[Math.floor(share * alive.length)] ?? pods[0])?.name ?? deployment
    },
  }
}

function suffix(random: () => number): string {
  const letters = 'bcdfghjklmnpqrstvwxz2456789'
  return Array.from({ length: 5 }, () => letters[Math.floor(random() * letters.length)]).join('')
}
