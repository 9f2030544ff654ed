import type { Recorder } from '@holdfast/recorder'
import { Counter, Gauge, Registry } from 'prom-client'
import type { GapCounter } from './gap-counter.ts'
import type { ViewsClient } from './views/client.ts'

/** The Prometheus page. Everything is read when asked for: the ingest path counts nothing twice. */
export function createMetrics({
  recorder,
  views,
  gaps,
}: {
  readonly recorder: Recorder
  readonly views: ViewsClient
  readonly gaps: GapCounter
}): () => Promise<string> {
  const registry = new Registry()
  const registers = [registry]
  const gauge = (name: string, help: string, read: () => number): void => {
    const metric: Gauge = new Gauge({ name, help, registers, collect: () => metric.set(read()) })
  }
  const counter = (name: string, help: string, read: () => number): void => {
    const metric: Counter = new Counter({
      name,
      help,
      registers,
      collect: () => {
        metric.reset()
        metric.inc(read())
      },
    })
  }
  gauge('holdfast_log_entries', 'Entries that are durable in the log', () => recorder.size)
  gauge(
    'holdfast_log_checkpoint_size',
    'Entries that the newest signed checkpoint covers',
    () => recorder.checkpoint().size,
  )
  gauge('holdfast_log_raw_bytes', 'Bytes of bodies before compression', () => recorder.stats().rawBytes)
  gauge('holdfast_log_stored_bytes', 'Bytes of segments as stored', () => recorder.stats().storedBytes)
  gauge('holdfast_queue_bytes', 'Bytes that wait for the disk', () => recorder.stats().queueBytes)
  gauge('holdfast_disk_free_bytes', 'Free bytes of the disk that holds the log', () => recorder.stats().disk.freeBytes)
  gauge('holdfast_projection_lag_entries', 'Entries recorded and not folded yet', () => recorder.size - views.cursor)
  gauge('holdfast_process_resident_bytes', 'Resident memory of the server', () => process.memoryUsage.rss())
  counter(
    'holdfast_duplicate_entries_total',
    'Exact retries acknowledged and not stored again',
    () => recorder.stats().duplicates,
  )
  const refused: Counter<'reason'> = new Counter({
    name: 'holdfast_refused_requests_total',
    help: 'Requests refused, wholly or in part, by reason',
    labelNames: ['reason'],
    registers,
    collect: () => {
      refused.reset()
      for (const [reason, count] of gaps.totals.byReason) refused.inc({ reason }, count)
    },
  })
  return () => registry.metrics()
}
