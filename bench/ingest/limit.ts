import { hash } from 'node:crypto'
import { fdatasync, openSync, statSync, writeSync } from 'node:fs'
import { createServer } from 'node:http'
import type { ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { zstdCompressSync } from 'node:zlib'
import { serve } from './child.ts'

/**
 * The plain limit program: only what nobody can avoid. HTTP in, one pass that finds the spans, one SHA-256 for each,
 * zstd, one append, one fdatasync for all requests that wait for it, reply. No index, no tree, no encryption, no masking.
 */
const path = join(process.argv[2] ?? '', 'limit.log')
const file = openSync(path, 'a')
const sync = promisify(fdatasync)
let spans = 0
let rawBytes = 0
let waiting: { readonly packed: Buffer; readonly hashes: Buffer; readonly response: ServerResponse }[] = []
let isWriting = false

const server = createServer((request, response) => {
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => {
    const body = Buffer.concat(chunks)
    rawBytes += body.length
    waiting.push({ hashes: hashSpans(body), packed: zstdCompressSync(body), response })
    if (!isWriting) void flush()
  })
})

async function flush(): Promise<void> {
  isWriting = true
  while (waiting.length > 0) {
    const batch = waiting
    waiting = []
    for (const { packed, hashes } of batch) {
      writeSync(file, hashes)
      writeSync(file, packed)
    }
    await sync(file)
    for (const { response } of batch) response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end()
  }
  isWriting = false
}

/** One pass over request, resource, scope and spans; one hash a span. The corpus is known to be well-formed. */
function hashSpans(body: Buffer): Buffer {
  const hashes: Buffer[] = []
  walk(body, 0, body.length, 0, hashes)
  spans += hashes.length
  return Buffer.concat(hashes)
}

/** Field that leads one level down: resource_spans = 1, scope_spans = 2, spans = 2. */
const PATH = [1, 2, 2]

function walk(body: Buffer, from: number, to: number, level: number, hashes: Buffer[]): void {
  let pos = from
  while (pos < to) {
    const tag = body[pos] ?? 0
    pos += 1
    let length = 0
    let shift = 0
    for (;;) {
      const byte = body[pos] ?? 0
      pos += 1
      length += (byte & 0x7f) << shift
      if (byte < 0x80) break
      shift += 7
    }
    if (tag >> 3 === PATH[level]) {
      if (level === PATH.length - 1) hashes.push(hash('sha256', body.subarray(pos, pos + length), 'buffer'))
      else walk(body, pos, pos + length, level + 1, hashes)
    }
    pos += length
  }
}

await new Promise<void>((resolve) => {
  server.listen(0, '127.0.0.1', resolve)
})
serve({
  port: (server.address() as AddressInfo).port, // it listens on TCP
  spans: () => spans,
  check: () => {
    const diskBytes = statSync(path).size
    const isWhole = diskBytes > spans * 32
    return Promise.resolve({ ok: isWhole, problem: isWhole ? '' : `${diskBytes} of ${rawBytes} bytes written` })
  },
  end: () => {
    server.closeAllConnections()
    server.close()
    return Promise.resolve({ diskBytes: statSync(path).size })
  },
})
