import { Counter, Gauge, Registry } from 'prom-client'
import { type Forwarder, type ForwardState, LOSSES } from './forwarder.ts'

/** What is passed on, for the Prometheus page; nothing where nothing is. Read when asked for. */
export function forwardMetrics(forward: Pick<Forwarder, 'state'> | undefined): () => Promise<string> {
  if (forward === undefined) return async () => ''
  const registry = new Registry()
  const registers = [registry]
  for (const [name, help, read] of GAUGES) {
    const gauge: Gauge = new Gauge({ name, help, registers, collect: () => gauge.set(read(forward.state())) })
  }
  for (const [name, help, read] of COUNTERS) {
    const counter: Counter = new Counter({
      name,
      help,
      registers,
      collect: () => {
        counter.reset()
        counter.inc(read(forward.state()))
      },
    })
  }
  for (const what of ['requests', 'records'] as const) {
    const lost: Counter<'reason'> = new Counter({
      name: `holdfast_forward_lost_${what}_total`,
      help: `OTLP ${what} that were recorded and not passed on, by reason`,
      labelNames: ['reason'],
      registers,
      collect: () => {
        lost.reset()
        const counts = forward.state().lost
        for (const reason of LOSSES) lost.inc({ reason }, counts.get(reason)?.[what] ?? 0)
      },
    })
  }
  return () => registry.metrics()
}

type Read = readonly [name: string, help: string, read: (state: ForwardState) => number]

const GAUGES: readonly Read[] = [
  ['holdfast_forward_queue_bytes', 'Bytes of OTLP requests that wait to be passed on', ({ waiting }) => waiting.bytes],
  ['holdfast_forward_queue_requests', 'OTLP requests that wait to be passed on', ({ waiting }) => waiting.requests],
  [
    'holdfast_forward_failing',
    '1 while the newest try to pass a request on has failed',
    ({ failing }) => (failing === undefined ? 0 : 1),
  ],
]
const COUNTERS: readonly Read[] = [
  ['holdfast_forward_requests_total', 'OTLP requests passed on', ({ delivered }) => delivered.requests],
  [
    'holdfast_forward_records_total',
    'Spans, log records and data points passed on',
    ({ delivered }) => delivered.records,
  ],
  [
    'holdfast_forward_rejected_records_total',
    'Records passed on that the endpoint said it did not take',
    ({ rejectedThere }) => rejectedThere,
  ],
]
