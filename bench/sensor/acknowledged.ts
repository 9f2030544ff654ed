import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { zstdDecompressSync } from 'node:zlib'
import { startTestServer } from '../../apps/cli/src/testing/server.ts'
import type { TestCgroup } from '../../sensor/src/testing/test-cgroup.ts'
import { at } from './figures.ts'
import { clientOf, OwnDriver, storedBy } from './own-driver.ts'

const OPEN = 4
/** SPEC S5: what stands before an entry, and before the record in it; S1: type and time in a record. */
const ENTRY_HEAD = 8
const JOINT = 64
const BOOT_NS = 8

/**
 * From the record's own stamp to the answer that the server gives once it is on disk, in microseconds, seen where the
 * driver gets it: a relay stands between the two. `load` makes the records.
 */
export async function acknowledged(
  watched: TestCgroup,
  given: { readonly bootToWallNs: bigint; readonly load: () => Promise<unknown> },
): Promise<object> {
  const micros: number[] = []
  const offset = Number(given.bootToWallNs / 1_000n)
  await using server = await startTestServer()
  const client = clientOf(server)
  using relay = startRelay(join(server.data, 'sensor.sock'), (batch) => {
    const now = (performance.timeOrigin + performance.now()) * 1_000 - offset
    for (const bootNs of openTimes(batch)) micros.push(now - Number(bootNs) / 1_000)
  })
  {
    await using _driver = await OwnDriver.start(relay.folder, { client, watched })
    await given.load()
    // Until nothing more comes: the driver has said all.
    for (let known = -1, tries = 0; tries < 50 && (known <= 0 || known !== micros.length); tries += 1) {
      known = micros.length
      await delay(200)
    }
  }
  const { lost } = await storedBy(client)
  const sorted = micros.toSorted((a, b) => a - b)
  return { records: sorted.length, lost, p50: at(sorted, 0.5), p99: at(sorted, 0.99) }
}

/** A socket in a folder of its own that passes on what it gets, and says when a batch was acknowledged. */
function startRelay(
  socketPath: string,
  onAcknowledged: (batch: Buffer) => void,
): Disposable & { readonly folder: string } {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-relay-'))
  const relay = createServer((asked, answer) => {
    const chunks: Buffer[] = []
    asked.on('data', (chunk: Buffer) => chunks.push(chunk))
    asked.on('end', () => {
      const body = Buffer.concat(chunks)
      const sent = request({ socketPath, path: asked.url, method: asked.method, headers: asked.headers }, (came) => {
        answer.writeHead(came.statusCode ?? 502, came.headers)
        came.pipe(answer)
        if (came.statusCode === 200 && asked.url?.startsWith('/sensor/v1/batches') === true) onAcknowledged(body)
      })
      sent.once('error', () => answer.destroy())
      sent.end(body)
    })
  })
  relay.listen(join(folder, 'sensor.sock'))
  return {
    folder,
    [Symbol.dispose]: () => {
      relay.closeAllConnections()
      relay.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

const ZSTD_MAGIC = 0xfd2fb528

/** Boot clock stamps of the opens in a batch (SPEC S5). */
function* openTimes(body: Buffer): Generator<bigint> {
  const bytes = body.length >= 4 && body.readUInt32LE(0) === ZSTD_MAGIC ? zstdDecompressSync(body) : body
  for (let group = 0; group < bytes.length;) {
    const entries = group + 16 + bytes.readUInt32LE(group)
    const end = entries + bytes.readUInt32LE(group + 4)
    for (let entry = entries; entry < end;) {
      const record = entry + ENTRY_HEAD + JOINT
      if (bytes.readUInt32LE(group + 12) === 0 && bytes.readUInt16LE(record) === OPEN)
        yield bytes.readBigUInt64LE(record + BOOT_NS)
      entry += ENTRY_HEAD + bytes.readUInt32LE(entry)
    }
    group = end
  }
}
