import type { Recorder } from '@holdfast/recorder'
import { Counter, Gauge, Histogram, Registry } from 'prom-client'
import type { GapCounter } from './gap-counter.ts'
import type { OtlpCounts, OtlpListener } from './otlp/sink.ts'
import type { ViewsClient } from './views/client.ts'

/** The Prometheus page. Everything is read when asked for: the ingest path counts nothing twice. */
export function createMetrics({
  recorder,
  views,
  gaps,
  listeners,
}: {
  readonly recorder: Recorder
  readonly views: ViewsClient
  readonly gaps: GapCounter
  /** OTLP listeners by transport. */
  readonly listeners: Readonly<Record<string, Pick<OtlpListener, 'counts'>>>
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
  const stages = new Histogram({
    name: 'holdfast_incident_stage_seconds',
    help: 'Time until an incident was named, by stage: capture, baseline, correlation, triage',
    labelNames: ['stage'],
    buckets: STAGE_BUCKETS,
    registers,
  })
  views.onNamed(({ captureMs, baselineMs, correlationMs, triageMs }) => {
    const times = { capture: captureMs, baseline: baselineMs, correlation: correlationMs, triage: triageMs }
    for (const [stage, ms] of Object.entries(times)) if (ms !== undefined) stages.observe({ stage }, ms / 1_000)
  })
  for (const [name, count, help] of LISTENER_COUNTERS) {
    const metric: Counter<'transport'> = new Counter({
      name,
      help,
      labelNames: ['transport'],
      registers,
      collect: () => {
        metric.reset()
        for (const [transport, { counts }] of Object.entries(listeners)) metric.inc({ transport }, counts[count])
      },
    })
  }
  return () => registry.metrics()
}

/** Seconds: from a fold that found the log at rest to one that was hours behind. */
const STAGE_BUCKETS = [0.01, 0.05, 0.1, 0.5, 1, 2, 5, 10, 30, 60, 300, 3_600]

/** What the OTLP listeners count since they started. */
const LISTENER_COUNTERS: readonly (readonly [name: string, count: keyof OtlpCounts, help: string])[] = [
  ['holdfast_otlp_requests_total', 'requests', 'OTLP requests received'],
  ['holdfast_otlp_stored_records_total', 'stored', 'Spans and log records stored'],
  ['holdfast_otlp_rejected_records_total', 'rejected', 'Spans and log records rejected one by one'],
  ['holdfast_otlp_data_points_total', 'dataPoints', 'Metric data points accepted and not stored'],
  ['holdfast_otlp_masked_total', 'masked', 'Credentials masked'],
  ['holdfast_otlp_attributes_over_limit_total', 'attributesOverLimit', 'Attributes kept and not looked at'],
  ['holdfast_otlp_masks_unlisted_total', 'masksUnlisted', 'Credentials masked and not listed with their record'],
  ['holdfast_otlp_terms_dropped_total', 'termsDropped', 'Index terms that found no room'],
]
