import { join } from 'node:path'
import { agentIdOf } from '@holdfast/model'
import { Recorder } from '../recorder.ts'
import type { BundleSummary } from '../types.ts'
import { groupOf, steadyClock } from './groups.ts'

export type SampleLog = {
  readonly folder: string
  readonly key: string
  readonly size: number
  readonly bundle: BundleSummary
}

/**
 * A small stopped log with a little of everything: several agents, masks, an empty body, a gap, an erased agent, several
 * segments and checkpoints, more than one tile; and a bundle of some of it. Equal but for keys each time.
 */
export async function makeSampleLog(folder: string): Promise<SampleLog> {
  const limits = { segmentEntries: 64, checkpointMs: 0 }
  await using recorder = await Recorder.open({ folder, clock: steadyClock(), limits, origin: 'log.example/sample' })
  await recorder.appendControl({ kind: 'server', action: 'started', version: '1', detail: '' })
  for (const service of ['support', 'billing', 'erased']) {
    const bodies = Array.from({ length: 150 }, (_, i) => `${service} says ${i} ${'padding '.repeat(i % 7)}`)
    const masks = new Map([[3, [{ rule: 'bearer', start: 0, bytes: 4 }]]])
    await recorder.append([groupOf([...bodies, ''], { service, masks, terms: [`trace:${service}`] })])
  }
  await recorder.appendControl({
    kind: 'gap',
    reason: 'refused-oversized',
    sender: 'loopback',
    channel: 'otlp',
    requests: 1,
    from: '1',
    to: '2',
    detail: 'too large',
  })
  const agent = agentIdOf({ kind: 'host', host: 'box', service: 'erased' })
  const scope = { agent, dataClass: 'content', retention: 'default' }
  await recorder.eraseKey(scope, { by: 'admin', reason: 'asked for by the person' })
  const bundle = await recorder.exportBundle({
    entries: [0, 1, 4, 5, 151, 152, 300, 310, 454],
    about: { conversation: 'c-1', title: 'sample' },
    files: new Map([['graph.json', Buffer.from('{"nodes":[]}\n')]]),
    out: join(folder, 'sample.zip'),
  })
  return { folder, key: recorder.publicKey(), size: recorder.size, bundle }
}
