import { spawn } from 'node:child_process'
import type { ChildProcessByStdio } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import type { Checked, Ended, Question, Usage } from './child.ts'
import type { Corpus } from './corpus.ts'
import { Load } from './load.ts'

/** One measured program in a process of its own, pinned to a core, on a folder of its own. */
export class Program implements Disposable {
  readonly name: string
  readonly load: Load
  readonly #child: ChildProcessByStdio<Writable, Readable, null>
  readonly #answers: AsyncIterator<string>
  readonly #folder: string

  static async start(options: {
    readonly name: 'product' | 'limit'
    readonly core: number | undefined
    readonly corpus: Corpus
    readonly dir: string | undefined
  }): Promise<Program> {
    const folder = mkdtempSync(join(options.dir ?? tmpdir(), `holdfast-bench-${options.name}-`))
    const script = join(import.meta.dirname, `${options.name}.ts`)
    const args = ['--conditions=@holdfast/source', script, folder]
    const [command, prefix] = pinned(options.core)
    const child = spawn(command, [...prefix, ...args], { stdio: ['pipe', 'pipe', 'inherit'] })
    const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
    const { port } = (await next(answers)) as { readonly port: number } // what child.ts says first
    // Ids of the two programs differ, so that nothing learnt from one helps the other.
    const load = new Load(port, options.corpus, options.name === 'product' ? 0 : 1_000_000_000)
    return new Program(options.name, { child, answers, folder, load })
  }

  private constructor(
    name: string,
    parts: {
      readonly child: ChildProcessByStdio<Writable, Readable, null>
      readonly answers: AsyncIterator<string>
      readonly folder: string
      readonly load: Load
    },
  ) {
    this.name = name
    this.load = parts.load
    this.#child = parts.child
    this.#answers = parts.answers
    this.#folder = parts.folder
  }

  usage(): Promise<Usage> {
    return this.#ask('usage') as Promise<Usage> // as child.ts answers it
  }

  check(): Promise<Checked> {
    return this.#ask('check') as Promise<Checked> // as child.ts answers it
  }

  /** Ends the program; it answers what it left on disk, which is then removed. */
  async end(): Promise<Ended> {
    this.load.end()
    const exited = new Promise((resolve) => this.#child.once('exit', resolve))
    const ended = (await this.#ask('end')) as Ended // as child.ts answers it
    await exited
    rmSync(this.#folder, { recursive: true, force: true })
    return ended
  }

  /** After a failure: the program must not outlive the run. */
  [Symbol.dispose](): void {
    this.load.end()
    this.#child.kill('SIGKILL')
    rmSync(this.#folder, { recursive: true, force: true })
  }

  async #ask(question: Question): Promise<unknown> {
    this.#child.stdin.write(`${question}\n`)
    return await next(this.#answers)
  }
}

/** The command that runs Node on one core; on all of them where that is not to be had. */
export function pinned(core: number | undefined): readonly [string, readonly string[]] {
  return core === undefined ? [process.execPath, []] : ['taskset', ['-c', String(core), process.execPath]]
}

async function next(answers: AsyncIterator<string>): Promise<unknown> {
  const line = await answers.next()
  if (line.done === true) throw new Error('the measured program ended before it answered')
  return JSON.parse(line.value)
}
