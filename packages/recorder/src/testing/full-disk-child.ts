import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { LogReader } from '../log-reader.ts'
import { RecorderError } from '../errors.ts'
import { Recorder } from '../recorder.ts'
import { groupOf, steadyClock } from './groups.ts'

/** Fills the small disk that holds `folder`, then makes room again; prints what the recorder said, as JSON. */
const [folder = ''] = process.argv.slice(2)
const ballast = join(folder, '..', 'ballast')
writeFileSync(ballast, Buffer.alloc(5_500_000, 1))
// The free-disk check would refuse before the disk is really full: this is about what happens when it is.
const limits = { freeDiskFraction: 0, controlReserveBytes: 0, walPages: 100_000 }
const recorder = await Recorder.open({ folder, clock: steadyClock(), limits })
const stored: string[] = []
let code = 'never'
for (let i = 0; code === 'never' && i < 1000; i++) {
  const body = `${i} ${Array.from({ length: 9000 }, (_, n) => Math.imul(n * 7919 + i, 2654435761) >>> 0).join('')}`
  try {
    await recorder.append([groupOf([body])])
    stored.push(body)
  } catch (error) {
    code = error instanceof RecorderError ? error.code : String(error)
  }
}
const sizeWhenFull = recorder.size
rmSync(ballast)
await recorder.append([groupOf(['after'])])
await recorder[Symbol.asyncDispose]()
const again = await Recorder.open({ folder, clock: steadyClock(), limits })
using reader = LogReader.open({ folder })
const received = [...reader.entries({ from: 0 })].filter(({ envelope }) => envelope.channel === 'otlp')
const bodies = received.map(({ body }) => Buffer.from(body ?? []).toString())
const isWhole = JSON.stringify(bodies) === JSON.stringify([...stored, 'after'])
process.stdout.write(JSON.stringify({ code, stored: stored.length, sizeWhenFull, isWhole, root: again.rootHash() }))
await again[Symbol.asyncDispose]()
