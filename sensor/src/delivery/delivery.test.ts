import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type RequestListener, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { LossPlace } from '@holdfast/model'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Spool } from '../spool/spool.ts'
import { BatchBuilder } from './batch-builder.ts'
import { Delivery } from './delivery.ts'
import { Losses } from './losses.ts'
import { ServerClient } from './server-client.ts'

const START = '00112233445566aa'

let folder = ''
let server: Server | undefined
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-delivery-'))
})
afterEach(() => {
  server?.closeAllConnections()
  server?.close()
  server = undefined
  rmSync(folder, { recursive: true, force: true })
})

async function listen(answer: RequestListener): Promise<void> {
  server = createServer(answer)
  await new Promise<void>((resolve) => server?.listen(join(folder, 'sensor.sock'), resolve))
}

function batch() {
  const builder = new BatchBuilder()
  builder.addExchange(7, Buffer.from('{}'))
  const taken = builder.take(() => Buffer.from(JSON.stringify({ cgroup: '7', agentName: 'desk' })))
  if (taken === undefined) throw new Error('it has an entry')
  return taken
}

/** Fills a spool that holds two batches once `isReady`, and says where the third was lost. */
async function placeOfLoss(isReady: (delivery: Delivery) => boolean): Promise<readonly LossPlace[]> {
  const losses = new Losses({ folder, start: START })
  using spool = new Spool({ folder: join(folder, 'spool'), maxBytes: 300 })
  const options = {
    client: new ServerClient({ server: { kind: 'local', socketPath: join(folder, 'sensor.sock') }, sensor: 's1' }),
    spool,
    losses,
    start: START,
    standings: { endings: () => [], told: () => undefined },
    report: () => ({
      report: {
        sensor: 's1',
        start: START,
        state: 'running' as const,
        host: 'n',
        kernel: '6.1',
        bootId: 'b',
        programs: [],
        unseen: [],
      },
      watched: [],
    }),
    onCommand: async () => ({ ok: true as const }),
    say: () => undefined,
  }
  await using delivery = new Delivery(options)
  delivery.add(batch())
  await vi.waitFor(() => expect(isReady(delivery)).toBe(true), { timeout: 10_000, interval: 10 })
  for (let more = 0; more < 3; more += 1) delivery.add(batch())
  return losses.untold(10)?.losses.map(({ place }) => place) ?? []
}

test('a spool that is full while nobody listens says that the server could not be reached', async () => {
  expect(await placeOfLoss(({ awayMs }) => awayMs > 0)).toEqual(['away'])
})

test.each([429, 503])('a spool that is full while the server answers %i says that it was slow', async (status) => {
  let answers = 0
  await listen((request, response) => {
    request.resume()
    response.writeHead(status, { connection: 'close' }).end('wait')
    answers += 1
  })
  expect(await placeOfLoss(() => answers > 1)).toEqual(['slow'])
})

test('a spool that is full while the server takes its time says that it was slow', async () => {
  let asked = false
  await listen((request) => {
    asked ||= request.url?.startsWith('/sensor/v1/batches') === true
    // Answered when the test ends, by the end of the connection.
    if (asked) server?.close()
  })
  const place = placeOfLoss(() => asked)
  await vi.waitFor(() => expect(asked).toBe(true), { timeout: 10_000 })
  setTimeout(() => server?.closeAllConnections(), 200)
  expect(await place).toEqual(['slow'])
})
