import { PassThrough } from 'node:stream'
import { HoldGate, type GateOrder, type SeenMessage } from '@holdfast/capture'
import { expect, test } from 'vitest'
import { ENTRY_BYTES } from '../limits.ts'
import { passMessages } from './pass-messages.ts'

const CALL = '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"drop"}}\n'
const OTHER = '{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"read"}}\n'
const ORDER: GateOrder = { order: 'o-1', incident: 'inc-1', hold: { kind: 'withdraw-tool', tool: 'drop' } }

function session() {
  const [input, output, stdin, stdout] = [new PassThrough(), new PassThrough(), new PassThrough(), new PassThrough()]
  const seen: SeenMessage[] = []
  let lost = 0
  let orders: readonly GateOrder[] = []
  const gate = new HoldGate({
    orders: () => orders,
    server: () => 'desk',
    offered: () => [],
    matches: () => false,
  })
  const path = passMessages({
    input,
    output,
    server: { stdin, stdout },
    gate,
    observed: { note: (one) => void seen.push(one), lose: () => void (lost += 1) },
    change: () => undefined,
  })
  const read = (stream: PassThrough): string => (stream.read() as Buffer | null)?.toString() ?? ''
  return {
    path,
    seen,
    lost: () => lost,
    hold: (given: readonly GateOrder[]) => void (orders = given),
    fromClient: async (text: string | Buffer) => {
      input.write(text)
      await new Promise((turn) => setImmediate(turn))
      return { atServer: read(stdin), atClient: read(output) }
    },
  }
}

test('an order takes effect on the next message, and its end on the one after it', async () => {
  const made = session()
  expect((await made.fromClient(CALL)).atServer).toBe(CALL)
  made.hold([ORDER])
  const held = await made.fromClient(CALL + OTHER)
  expect(held.atServer).toBe(OTHER)
  expect(JSON.parse(held.atClient)).toMatchObject({ id: 1, error: { code: -32_082 } })
  made.hold([])
  expect((await made.fromClient(CALL)).atServer).toBe(CALL)
  expect(made.seen.map(({ isStopped }) => isStopped === true)).toEqual([false, true, false, false, false])
})

test('a message whose beginning came before the order is checked whole', async () => {
  const made = session()
  expect((await made.fromClient(CALL.slice(0, 20))).atServer).toBe('')
  made.hold([ORDER])
  expect((await made.fromClient(CALL.slice(20))).atServer).toBe('')
})

test('a message that is too long to be held passes while nothing is, and is cut off once something is', async () => {
  const made = session()
  const long = Buffer.alloc(ENTRY_BYTES + 1, 0x20)
  expect((await made.fromClient(long)).atServer.length).toBe(long.length)
  made.hold([ORDER])
  // The rest is kept back; a line end divides what was passed from the next message.
  expect((await made.fromClient(CALL + OTHER)).atServer).toBe(`\n${OTHER}`)
  expect((await made.fromClient(long)).atServer).toBe('')
  expect((await made.fromClient(CALL)).atServer).toBe('')
  expect(made.lost()).toBe(2)
})

test('a message that is made up goes the same way, and is neither recorded nor passed to anybody', async () => {
  const made = session()
  expect(made.path.reachesServer(Buffer.from(CALL))).toBe(true)
  made.hold([ORDER])
  expect(made.path.reachesServer(Buffer.from(CALL))).toBe(false)
  const list = Buffer.from('{"jsonrpc":"2.0","id":1,"result":{"tools":[{"name":"drop"}]}}')
  expect(made.path.reachesClient(list)?.toString()).not.toContain('drop')
  expect(await made.fromClient('')).toEqual({ atServer: '', atClient: '' })
  expect(made.seen).toEqual([])
})
