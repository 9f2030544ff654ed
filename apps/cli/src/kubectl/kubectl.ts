import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { CliError } from '../cli-error.ts'
import { FORWARD_READY_MS, KUBECTL_BYTES } from '../limits.ts'
import { inert } from '../render/inert.ts'

/** A port of this machine that leads into a Pod for as long as it is held. */
export type Forward = AsyncDisposable & { readonly port: number }

/**
 * The cluster as kubectl reaches it: whoever runs the plugin has it, and it knows every way to sign in that a kubeconfig names. Nothing
 * is asked of it but to read, to forward a port and to run one command.
 */
export class Kubectl {
  readonly #program: string
  readonly #access: readonly string[]
  readonly #env: Readonly<Record<string, string | undefined>>
  readonly #signal: AbortSignal

  /** `KUBECTL` names another program than the one on the path. */
  constructor(options: {
    readonly access: readonly string[]
    readonly env: Readonly<Record<string, string | undefined>>
    readonly signal: AbortSignal
  }) {
    this.#program = options.env['KUBECTL'] ?? 'kubectl'
    this.#access = options.access
    this.#env = options.env
    this.#signal = options.signal
  }

  /** One path of the API, parsed; undefined where it is not there. Throws `denied` or `unavailable` in the words of kubectl. */
  async read(path: string): Promise<unknown> {
    const { code, stdout, stderr } = await this.#run(['get', '--raw', path])
    if (code === 0) return parseJson(stdout, path)
    if (/\(NotFound\)/.test(stderr)) return undefined
    throw new CliError(
      /\(Forbidden\)|\(Unauthorized\)/.test(stderr) ? 'denied' : 'unavailable',
      `kubectl: ${words(stderr)}`,
    )
  }

  /** The namespace of the context, as kubectl takes it where none is named. */
  async namespace(): Promise<string> {
    const { code, stdout, stderr } = await this.#run(['config', 'view', '--minify', '-o', 'jsonpath={..namespace}'])
    if (code !== 0) throw new CliError('unavailable', `kubectl: ${words(stderr)}`)
    return stdout.trim() === '' ? 'default' : stdout.trim()
  }

  /** What a command in a container prints. Throws `denied` where it does not end well. */
  async exec(at: { readonly namespace: string; readonly pod: string }, command: readonly string[]): Promise<string> {
    const { namespace, pod } = at
    const { code, stdout, stderr } = await this.#run(['exec', '-n', namespace, pod, '-c', 'server', '--', ...command])
    if (code === 0) return stdout
    throw new CliError('denied', `kubectl exec ${namespace}/${pod}: ${words(stderr)}`)
  }

  /** Forwards a port that kubectl picks to one of a Service. Throws `unavailable` where that cannot be done. */
  async forward(to: { readonly namespace: string; readonly service: string; readonly port: number }): Promise<Forward> {
    const target = ['-n', to.namespace, `service/${to.service}`, `:${to.port}`, '--address', '127.0.0.1']
    const child = spawn(this.#program, [...this.#access, 'port-forward', ...target], {
      env: definedOf(this.#env),
      stdio: ['ignore', 'pipe', 'pipe'],
      signal: this.#signal,
    })
    const ended = new Promise<void>((done) => child.once('close', () => done()))
    let said = ''
    child.stderr.on('data', (text: Buffer) => void (said = (said + text.toString()).slice(-KUBECTL_BYTES)))
    const late = setTimeout(() => child.kill(), FORWARD_READY_MS)
    const port = await new Promise<number>((done, failed) => {
      child.once('error', (error) => failed(new CliError('unavailable', `kubectl does not start: ${error.message}`)))
      child.once('close', () => failed(new CliError('unavailable', `kubectl port-forward: ${words(said)}`)))
      createInterface({ input: child.stdout }).on('line', (line) => {
        const [, found] = /^Forwarding from 127\.0\.0\.1:(\d{1,5}) /.exec(line) ?? []
        if (found !== undefined) done(Number(found))
      })
    }).finally(() => clearTimeout(late))
    return {
      port,
      [Symbol.asyncDispose]: async () => {
        child.kill()
        await ended
      },
    }
  }

  async #run(
    args: readonly string[],
  ): Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }> {
    const child = spawn(this.#program, [...this.#access, ...args], {
      env: definedOf(this.#env),
      stdio: ['ignore', 'pipe', 'pipe'],
      signal: this.#signal,
    })
    const texts = { stdout: '', stderr: '' }
    for (const stream of ['stdout', 'stderr'] as const)
      child[stream].setEncoding('utf8').on('data', (text: string) => {
        texts[stream] += text
        if (texts[stream].length > KUBECTL_BYTES) child.kill()
      })
    const code = await new Promise<number | null>((done, failed) => {
      child.once('error', (error) => failed(new CliError('unavailable', `kubectl does not start: ${error.message}`)))
      child.once('close', done)
    })
    return { code, ...texts }
  }
}

/** The last line is what went wrong; notes of the client stand before it. */
function words(stderr: string): string {
  return inert(stderr.trim().split('\n').at(-1) ?? '') || 'it ended without a word'
}

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new CliError('unavailable', `kubectl get --raw ${path}: the answer is no JSON`, { cause })
  }
}

function definedOf(env: Readonly<Record<string, string | undefined>>): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined)) as NodeJS.ProcessEnv
}
