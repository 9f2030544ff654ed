/*
 * What a plugin uses of kubectl, as a program for tests: a kubeconfig as JSON with `--context`, `get --raw`, `config view`, `exec` and
 * `port-forward`, with its words and exit codes. It speaks to the API server of this folder, which serves no TLS: the real kubectl sends
 * a token over nothing else. The Pod behind a Service is where its annotation `testkit/forward-to` says.
 */
import { readFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'

type Kubeconfig = {
  readonly 'current-context': string
  readonly contexts: readonly {
    readonly name: string
    readonly context: { readonly cluster: string; readonly user: string; readonly namespace?: string }
  }[]
  readonly clusters: readonly { readonly name: string; readonly cluster: { readonly server: string } }[]
  readonly users: readonly { readonly name: string; readonly user: { readonly token: string } }[]
}

const [options, words] = flagsOf(process.argv.slice(2))
const file = options.get('--kubeconfig') ?? process.env['KUBECONFIG'] ?? ''
const config = JSON.parse(readFileSync(file, 'utf8')) as Kubeconfig // written by the test
const wanted = options.get('--context') ?? config['current-context']
const context = config.contexts.find(({ name }) => name === wanted)?.context
if (context === undefined) fail(`error: context "${wanted}" does not exist`)
const server = config.clusters.find(({ name }) => name === context.cluster)?.cluster.server ?? ''
const token = config.users.find(({ name }) => name === context.user)?.user.token ?? ''

const [verb = ''] = words
switch (verb) {
  case 'get':
    process.stdout.write(await read(words[2] ?? ''))
    break
  case 'config':
    process.stdout.write(context.namespace ?? '')
    break
  case 'exec':
    await exec(words)
    break
  case 'port-forward':
    await forward(words)
    break
  default:
    fail(`error: unknown command "${verb}"`)
}

async function read(path: string): Promise<string> {
  const response = await fetch(`${server}${path}`, { headers: { authorization: `Bearer ${token}` } })
  const text = await response.text()
  if (response.ok) return text
  const { reason, message } = JSON.parse(text) as { readonly reason: string; readonly message: string } // a Status
  return fail(`Error from server (${reason}): ${message}`)
}

async function exec(line: readonly string[]): Promise<void> {
  const [, , namespace, pod, , container = ''] = line
  const query = new URLSearchParams({ container, stdout: 'true', stderr: 'true' })
  for (const word of line.slice(7)) query.append('command', word)
  const socket = new WebSocket(
    `${server.replace('http:', 'ws:')}/api/v1/namespaces/${namespace}/pods/${pod}/exec?${query.toString()}`,
    ['v5.channel.k8s.io', `base64url.bearer.authorization.k8s.io.${Buffer.from(token).toString('base64url')}`],
  )
  socket.binaryType = 'arraybuffer'
  let message: string | undefined = 'error: unable to upgrade connection: Forbidden'
  await new Promise<void>((done) => {
    socket.addEventListener('message', ({ data }) => {
      if (!(data instanceof ArrayBuffer)) return
      const [channel, text] = [new Uint8Array(data)[0], Buffer.from(data).subarray(1)]
      if (channel === 1) process.stdout.write(text)
      if (channel === 2) process.stderr.write(text)
      if (channel !== 3) return
      const status = JSON.parse(text.toString()) as { readonly status: string; readonly message?: string } // a Status
      message = status.status === 'Success' ? undefined : status.message
    })
    socket.addEventListener('close', () => done())
  })
  if (message !== undefined) fail(message)
}

async function forward(line: readonly string[]): Promise<void> {
  const [, , namespace, target = '', port = ''] = line
  const service = JSON.parse(
    await read(`/api/v1/namespaces/${namespace}/services/${target.replace('service/', '')}`),
  ) as { readonly metadata: { readonly annotations: Readonly<Record<string, string>> } } // of the test
  const to = new URL(service.metadata.annotations['testkit/forward-to'] ?? '')
  const listener = createServer((near) => {
    const far = connect(Number(to.port), to.hostname)
    near.on('error', () => far.destroy()).pipe(far)
    far.on('error', () => near.destroy()).pipe(near)
  })
  listener.listen(0, '127.0.0.1', () => {
    const address = listener.address()
    const own = typeof address === 'object' && address !== null ? address.port : 0
    process.stdout.write(`Forwarding from 127.0.0.1:${own} -> ${port.slice(1)}\n`)
  })
}

function flagsOf(args: readonly string[]): readonly [ReadonlyMap<string, string>, readonly string[]] {
  const first = args.findIndex((arg) => !arg.startsWith('--'))
  const flags = args.slice(0, first).map((arg): readonly [string, string] => {
    const at = arg.indexOf('=')
    return [arg.slice(0, at), arg.slice(at + 1)]
  })
  return [new Map(flags), args.slice(first)]
}

function fail(message: string): never {
  process.stderr.write(`${message}\n`)
  process.exit(1)
}
