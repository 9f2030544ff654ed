import { randomBytes } from 'node:crypto'
import type { GateOrder } from '@holdfast/capture'

/** Where messages that are made up go the way of real ones, and end before whoever stands there. */
export type TriedPath = {
  /** True where the server, or the model, would have got it. */
  readonly reachesServer: (message: Buffer) => boolean | Promise<boolean>
  /** What the client would have got of a message of the server; undefined for nothing. */
  readonly reachesClient: (message: Buffer) => Buffer | undefined
}

/** `untried`: it was neither held nor got through, because it could not be tried. */
export type HoldTry = {
  readonly way: string
  readonly held: boolean
  readonly untried?: true
  readonly detail: string
}

type Try = {
  readonly way: string
  readonly side: 'to-server' | 'to-client'
  readonly message: unknown
  /** Text that must not reach the client. */
  readonly secret?: string
}

/** Tries with messages that are made up whether an order holds on the path that real messages take. Never rejects. */
export async function tryHold({ hold }: GateOrder, path: TriedPath): Promise<readonly HoldTry[]> {
  const mark = `holdfast-canary-${randomBytes(8).toString('hex')}`
  const tries = triesOf(hold, mark)
  if (tries.length === 0) {
    const detail = 'no message can be made up that has the digest of the item'
    return [{ way: 'canary', held: false, untried: true, detail }]
  }
  return await Promise.all(tries.map((one) => tried(one, path)))
}

async function tried({ way, side, message, secret = '' }: Try, path: TriedPath): Promise<HoldTry> {
  const bytes = Buffer.from(JSON.stringify(message))
  try {
    if (side === 'to-server') {
      const isThrough = await path.reachesServer(bytes)
      return { way, held: !isThrough, detail: isThrough ? 'it would have gone on' : 'it was answered by the proxy' }
    }
    const isThrough = path.reachesClient(bytes)?.includes(secret) === true
    return { way, held: !isThrough, detail: isThrough ? 'it would have been passed on' : 'it was taken out' }
  } catch (fault) {
    // What could not be tried has not been shown to hold.
    return {
      way,
      held: false,
      untried: true,
      detail: `not tried: ${fault instanceof Error ? fault.message : String(fault)}`,
    }
  }
}

function triesOf(hold: GateOrder['hold'], mark: string): readonly Try[] {
  const call = (name: string, given: object = {}): Try => ({
    way: `a call of ${name.slice(0, 100)}`,
    side: 'to-server',
    message: { jsonrpc: '2.0', id: mark, method: 'tools/call', params: { name, arguments: given } },
  })
  const list = (name: string): Try => ({
    way: `${name.slice(0, 100)} in a list`,
    side: 'to-client',
    message: {
      jsonrpc: '2.0',
      id: 1,
      result: { tools: [{ name, description: mark, inputSchema: { type: 'object' } }] },
    },
    secret: mark,
  })
  const read = (uri: string): Try => ({
    way: `a read of ${uri.slice(0, 100)}`,
    side: 'to-server',
    message: { jsonrpc: '2.0', id: mark, method: 'resources/read', params: { uri } },
  })
  const text = (uri: string): Try => ({
    way: `a result with ${uri.slice(0, 100)}`,
    side: 'to-client',
    message: { jsonrpc: '2.0', id: 1, result: { contents: [{ uri, mimeType: 'text/plain', text: mark }] } },
    secret: mark,
  })
  switch (hold.kind) {
    case 'withdraw-tool':
      return [call(hold.tool), list(hold.tool)]
    case 'quarantine-server':
      return [call('canary'), read(`canary://${mark}`), list('canary'), text(`canary://${mark}`)]
    case 'pin-catalogue':
      return [call(mark), ...hold.tools.slice(0, 1).map(({ name }) => list(name)), list(mark)]
    case 'guard-arguments':
      return [call(hold.tool, nested(hold.argument, mark))]
    case 'quarantine-item':
      return hold.id === undefined ? [] : [read(hold.id), text(hold.id)]
    case 'close-channel':
      return [
        ...(hold.tool === undefined ? [] : [call(hold.tool), list(hold.tool)]),
        ...(hold.resource === undefined ? [] : [read(hold.resource)]),
      ]
    case 'hold-memory':
      return hold.tools.map((tool) => call(tool))
    case 'freeze-model':
      return [
        { way: 'a request to the model', side: 'to-server', message: { model: hold.model ?? mark, messages: [] } },
      ]
  }
}

/** Arguments that have the value at a path whose parts are divided by dots. */
function nested(path: string, value: unknown): object {
  const parts = path.split('.')
  // The innermost first; a computed member, so that no name of a sender is anything but a name.
  const made = parts.toReversed().reduce<unknown>((inner, part) => ({ [part]: inner }), value)
  return typeof made === 'object' && made !== null ? made : {}
}
