import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { OwnWords } from '../called-as.ts'
import { CliError } from '../cli-error.ts'
import { FORWARD_READY_MS, KUBECTL_BYTES } from '../limits.ts'
import { inert } from '../render/inert.ts'

/** A port of this machine that leads into a Pod for as long as it is held. */
export type Forward = AsyncDisposable & { readonly port: number }

/** What it may print, and how long it may take to forward a port. */
type Bounds = { readonly bytes: number; readonly readyMs: number }

/**
 * The cluster as kubectl reaches it: whoever runs the plugin has it, and it knows every way to sign in that a kubeconfig names. Nothing
 * is asked of it but to read, to forward a port and to run one command.
 */
export class Kubectl {
  readonly #program: string
  readonly #access: readonly string[]
  readonly #env: Readonly<Record<string, string | undefined>>
  readonly #signal: AbortSignal
  readonly #most: Bounds

  /** `KUBECTL` names another program than the one on the path. */
  constructor(options: {
    readonly access: readonly string[]
    readonly env: Readonly<Record<string, string | undefined>>
    readonly signal: AbortSignal
    readonly most?: Bounds
  }) {
    this.#program = options.env['KUBECTL'] ?? 'kubectl'
    this.#access = options.access
    this.#env = options.env
    this.#signal = options.signal
    this.#most = options.most ?? { bytes: KUBECTL_BYTES, readyMs: FORWARD_READY_MS }
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

  /** What a command in a container prints. Throws `denied` where it does not end well, with what does without it as its remedy. */
  async exec(
    { namespace, pod }: { readonly namespace: string; readonly pod: string },
    command: readonly string[],
    { remedy }: { readonly remedy: OwnWords },
  ): Promise<string> {
    const { code, stdout, stderr } = await this.#run(['exec', '-n', namespace, pod, '-c', 'server', '--', ...command])
    if (code === 0) return stdout
    throw new CliError('denied', `kubectl exec ${namespace}/${pod}: ${words(stderr)}`, { remedy })
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
    child.stderr.on('data', (text: Buffer) => void (said = (said + text.toString()).slice(-this.#most.bytes)))
    let isLate = false
    const timer = setTimeout(() => {
      isLate = true
      child.kill()
    }, this.#most.readyMs)
    const port = await new Promise<number>((done, failed) => {
      child.once('error', (error) => failed(new CliError('unavailable', `kubectl does not start: ${error.message}`)))
      child.once('close', () => {
        const late = isLate ? `no port of ${inert(to.service)} in ${this.#most.readyMs / 1_000} s; ` : ''
        failed(new CliError('unavailable', `kubectl port-forward: ${late}${words(said)}`))
      })
      createInterface({ input: child.stdout }).on('line', (line) => {
        const [, found] = /^Forwarding from 127\.0\.0\.1:(\d{1,5}) /.exec(line) ?? []
        if (found !== undefined) done(Number(found))
      })
    }).finally(() => clearTimeout(timer))
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
    let isTooMuch = false
    for (const stream of ['stdout', 'stderr'] as const)
      child[stream].setEncoding('utf8').on('data', (text: string) => {
        texts[stream] += text
        if (texts[stream].length <= this.#most.bytes) return
        isTooMuch = true
        child.kill()
      })
    const code = await new Promise<number | null>((done, failed) => {
      child.once('error', (error) => failed(new CliError('unavailable', `kubectl does not start: ${error.message}`)))
      child.once('close', done)
    })
    if (isTooMuch)
      throw new CliError(
        'unavailable',
        `kubectl ${args.map(inert).join(' ')}: it prints more than ${this.#most.bytes} bytes: narrow it with -n`,
      )
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
