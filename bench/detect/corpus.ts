import { normalise } from '@holdfast/capture'
import type { Event, LogEntry } from '@holdfast/model'
import { Recorded } from '../../packages/detect/src/signals/testing/recorded.ts'
import { attacked, groupsOf, requestsOf, traceOf } from './telling.ts'

/** Cases as a log would tell them: conversations of seven spans, process trees, and what identities asked of a cloud. */
export function casesOf(events: number): readonly (readonly Event[])[] {
  const cases: (readonly Event[])[] = []
  for (let n = 0, made = 0; made < events; n += 1) {
    const one = n % 10 < 6 ? conversation(n) : n % 10 < 9 ? processes(n) : calls(n)
    cases.push(one)
    made += one.length
  }
  return cases
}

function conversation(n: number): readonly Event[] {
  const telling =
    n % 100 === 0
      ? { ...attacked(n, `desk-${n % 50}`), calls: 5 }
      : { agent: `desk-${n % 50}`, trace: traceOf(n), calls: 6 }
  return requestsOf([telling])
    .flatMap(entriesOf)
    .flatMap((entry) => normalise(entry).events)
}

function entriesOf(request: Uint8Array): readonly LogEntry[] {
  return groupsOf(request).flatMap(({ envelope, bytes, starts, ends }) =>
    Array.from(starts, (from, index) => ({
      index,
      recordedAt: 0n as LogEntry['recordedAt'], // in range
      envelope,
      bodyDigest: '0'.repeat(64) as LogEntry['bodyDigest'], // 64 hex digits
      body: bytes.subarray(from, ends[index]),
      masks: [],
    })),
  )
}

/** A tool that starts programs, which read and write files and connect: what a build does. */
function processes(n: number): readonly Event[] {
  const recorded = new Recorded().run(1, '/usr/bin/node', 'node server.js')
  for (let i = 2; i < 9; i += 1)
    recorded
      .run(
        i,
        `/usr/bin/tool-${(n + i) % 200}`,
        `tool-${(n + i) % 200} --input /srv/job-${n}/part-${i}.csv --verbose`,
        1,
      )
      .file(i, 'read', `/srv/job-${n}/part-${i}.csv`)
      .file(i, 'write', `/srv/job-${n}/out-${i}.csv`)
  return recorded.connect(2, '10.0.0.7', 5432).events
}

function calls(n: number): readonly Event[] {
  const recorded = new Recorded()
  for (let i = 0; i < 12; i += 1)
    recorded.call(i % 3 === 0 ? 's3:GetObject' : i % 3 === 1 ? 's3:ListObjectsV2' : 'dynamodb:GetItem', {
      bucketName: `data-${n % 40}`,
      key: `part-${i}`,
    })
  return recorded.events
}
