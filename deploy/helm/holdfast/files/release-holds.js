// Has the server end every hold that it has in force, before the release goes: `holdfast contain release --all` in its own
// container, by exec of the API server, because nobody else reaches the server. What it releases, it puts on record.
import { readFileSync } from 'node:fs'

const { KUBERNETES_API, TOKEN_FILE, NAMESPACE, POD, REASON } = process.env
const words = ['holdfast', 'contain', 'release', '--all', '--reason', REASON, '--yes', '--data', '/data/log']
const query = new URLSearchParams([
  ['container', 'server'],
  ['stdout', 'true'],
  ['stderr', 'true'],
  ...words.map((word) => ['command', word]),
])
const token = Buffer.from(readFileSync(TOKEN_FILE, 'utf8').trim()).toString('base64url')
const socket = new WebSocket(`${KUBERNETES_API}/api/v1/namespaces/${NAMESPACE}/pods/${POD}/exec?${query}`, [
  'v5.channel.k8s.io',
  `base64url.bearer.authorization.k8s.io.${token}`,
])
socket.binaryType = 'arraybuffer'

let code = 1
let said = 'the API server cut the connection: nothing is known to be released'
socket.addEventListener('message', ({ data }) => {
  const bytes = Buffer.from(data)
  const text = bytes.subarray(1)
  // Channels of exec: what it prints, what it says, and last how it ended.
  if (bytes[0] === 1) process.stdout.write(text)
  if (bytes[0] === 2) process.stderr.write(text)
  if (bytes[0] !== 3) return
  const { status, message } = JSON.parse(text.toString())
  code = status === 'Success' ? 0 : 1
  said = status === 'Success' ? 'every hold is released' : `not every hold is released: ${message}`
})
socket.addEventListener('error', ({ message }) => {
  said = `no exec into ${NAMESPACE}/${POD}: ${message}`
})
socket.addEventListener('close', () => {
  process.stderr.write(`${said}\n`)
  process.exitCode = code
})
