import { createHash } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import type { ApiUser } from './access.ts'
import { forbiddenWords, isAllowed } from './access.ts'

/** A command in a container of a pod, to its end. */
export type RunInPod = (command: {
  readonly namespace: string
  readonly pod: string
  readonly container: string
  readonly words: readonly string[]
}) => Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }>

const PATH = /^\/api\/v1\/namespaces\/(?<namespace>[^/]+)\/pods\/(?<pod>[^/]+)\/exec$/
const PROTOCOL = 'v5.channel.k8s.io'
const BEARER = 'base64url.bearer.authorization.k8s.io.'
/** RFC 6455, section 1.3. */
const ACCEPT_GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'

/**
 * `exec` over a WebSocket: the token comes in the header, or as a subprotocol from who can send none; each message begins with the number
 * of its channel, and the last one is the status on channel 3. Both verbs are asked for, as newer API servers do.
 */
export async function answerExec(
  { request, socket }: { readonly request: IncomingMessage; readonly socket: Duplex },
  { users, run }: { readonly users: ReadonlyMap<string, ApiUser>; readonly run: RunInPod | undefined },
): Promise<void> {
  // What the client sends is no news, but unread it would keep the connection from ending.
  socket.on('error', () => socket.destroy()).resume()
  const url = new URL(request.url ?? '/', 'http://127.0.0.1')
  const { namespace, pod } = PATH.exec(url.pathname)?.groups ?? {}
  if (namespace === undefined || pod === undefined || run === undefined) return refuse(socket, 404, 'not found')
  const offered = String(request.headers['sec-websocket-protocol'] ?? '').split(/, ?/)
  const bearer = offered.find((one) => one.startsWith(BEARER))?.slice(BEARER.length) ?? ''
  const header = (request.headers.authorization ?? '').replace(/^Bearer /, '')
  const user = users.get(header === '' ? Buffer.from(bearer, 'base64url').toString('utf8') : header)
  if (user === undefined) return refuse(socket, 401, 'Unauthorized')
  for (const verb of ['get', 'create']) {
    const asked = { verb, group: '', resource: 'pods/exec', namespace }
    if (!isAllowed(user, asked)) return refuse(socket, 403, forbiddenWords(user, asked))
  }
  if (!offered.includes(PROTOCOL)) return refuse(socket, 400, 'no protocol that is known')
  const accept = createHash('sha1').update(`${request.headers['sec-websocket-key']}${ACCEPT_GUID}`).digest('base64')
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\nSec-WebSocket-Protocol: ${PROTOCOL}\r\n\r\n`,
  )
  const words = url.searchParams.getAll('command')
  const { code, stdout, stderr } = await run({
    namespace,
    pod,
    container: url.searchParams.get('container') ?? '',
    words,
  })
  if (stdout !== '') socket.write(frame(1, stdout))
  if (stderr !== '') socket.write(frame(2, stderr))
  const status =
    code === 0
      ? { metadata: {}, status: 'Success' }
      : {
          metadata: {},
          status: 'Failure',
          reason: 'NonZeroExitCode',
          message: `command terminated with non-zero exit code: exit status ${code}`,
          details: { causes: [{ reason: 'ExitCode', message: String(code) }] },
        }
  socket.write(frame(3, JSON.stringify(status)))
  // A close frame, 1000; the client answers it with its own and ends.
  socket.end(Buffer.from([0x88, 0x02, 0x03, 0xe8]))
}

/** One whole binary message, unmasked as a server's are. */
function frame(channel: number, text: string): Buffer {
  const body = Buffer.concat([Buffer.from([channel]), Buffer.from(text)])
  const head = body.length < 126 ? Buffer.from([0x82, body.length]) : Buffer.alloc(10)
  if (body.length >= 126) {
    head.writeUInt8(0x82, 0)
    head.writeUInt8(127, 1)
    head.writeBigUInt64BE(BigInt(body.length), 2)
  }
  return Buffer.concat([head, body])
}

function refuse(socket: Duplex, code: number, message: string): void {
  socket.end(`HTTP/1.1 ${code} ${message}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`)
}
