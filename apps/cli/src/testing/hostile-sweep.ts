import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { execFile } from 'node:child_process'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { isHiddenCharacter } from '@holdfast/model'
import { hostileCloudTrail, hostileGathering, hostileKubernetesAudit, hostileTraces } from '@holdfast/testkit'
import { commandTree } from './command-tree.ts'
import { asksForNothing, asksForOneOf, hostileLines, type KnownIds, type LineOptions } from './hostile-lines.ts'
import { cli, type Transcript } from './run.ts'
import { CLI_PROGRAM, startTestServer, type TestServer } from './server.ts'

/** A line may wait for a thing that never comes; no answer of a server takes that long. */
const LINE_MS = 60_000

/** A server that was sent nothing but hostile texts, for commands to be run against. */
export class HostileSweep {
  readonly server: TestServer
  /** What commands wrote lies here. */
  readonly folder = mkdtempSync(join(tmpdir(), 'holdfast-hostile-'))
  /** How many lines ended with each exit code. */
  readonly codes = new Map<number, number>()
  /** What a terminal would have obeyed, with the line that printed it. */
  readonly faults: string[] = []
  /** What was printed for a person to run next. */
  readonly offered = new Set<string>()

  /** With an agent for each text, and records of a cloud and a cluster that name them. */
  static async start(texts: readonly string[]): Promise<HostileSweep> {
    const sweep = await HostileSweep.#with(hostileTraces(texts))
    const trail = { Records: texts.map(hostileCloudTrail) }
    writeFileSync(join(sweep.folder, 'trail.json'), JSON.stringify(trail))
    const audit = texts.map((text, index) => JSON.stringify(hostileKubernetesAudit(text, index)))
    writeFileSync(join(sweep.folder, 'audit.jsonl'), audit.join('\n'))
    await sweep.line(['import', 'trail.json', 'audit.jsonl'])
    return sweep
  }

  /** With all texts in one agent, so that each page of it shows many, and many in each incident. */
  static gather(texts: readonly string[]): Promise<HostileSweep> {
    return HostileSweep.#with(hostileGathering(texts))
  }

  static async #with(requests: readonly unknown[]): Promise<HostileSweep> {
    const sweep = new HostileSweep(await startTestServer())
    for (const request of requests) await sweep.send(request)
    return sweep
  }

  private constructor(server: TestServer) {
    this.server = server
  }

  /** Runs one line and keeps what is wrong with what it printed. */
  async line(args: readonly string[]): Promise<Transcript> {
    const transcript = await cli(args, {
      env: this.server.env,
      cwd: this.folder,
      signal: AbortSignal.timeout(LINE_MS),
    })
    this.#check(args, transcript)
    return transcript
  }

  #check(args: readonly string[], transcript: Transcript): void {
    this.codes.set(transcript.code, (this.codes.get(transcript.code) ?? 0) + 1)
    const raw = rawCharacters(transcript.stdout + transcript.stderr)
    if (raw.length > 0) this.faults.push(`${JSON.stringify(args)} printed ${raw.slice(0, 5).join(' ')}`)
    // A stack is for a fault of ours, and no input is one.
    if (/\n {4}at /.test(transcript.stderr)) this.faults.push(`${JSON.stringify(args)}: ${transcript.stderr}`)
    for (const printed of `${transcript.stdout}\n${transcript.stderr}`.split('\n')) {
      const [, command] = /^(?:next|help): (.*)$/.exec(printed) ?? []
      if (command !== undefined) this.offered.add(command)
    }
  }

  /** Rules hand over to a program of their own, which would end the process of the test. */
  async #programOf(name: string, folder: string): Promise<Transcript> {
    const args = [...CLI_PROGRAM, 'rules', name, '--', folder.replaceAll('\0', '')]
    const { code, stdout, stderr } = await promisify(execFile)(process.execPath, args, { cwd: this.folder }).then(
      (done) => ({ code: 0, ...done }),
      // A rejection of execFile is the ended process: its code and all that it printed.
      (ended: { readonly code: number; readonly stdout: string; readonly stderr: string }) => ended,
    )
    return { code, stdout, stderr }
  }

  /** Runs every command with the text, and with the ids that are known. */
  async everyCommand(options: LineOptions): Promise<void> {
    for (const leaf of await commandTree()) for (const line of hostileLines(leaf, options)) await this.line(line)
    const { text } = options
    for (const wrong of wrongLines(text)) await this.line(wrong)
    await this.line(['tail', '--since', '#0', '--limit', '40'])
    await this.rulesWith(text)
  }

  /** Rules look for the text as a folder. */
  async rulesWith(text: string): Promise<void> {
    for (const name of ['list', 'lint', 'test']) this.#check(['rules', name, text], await this.#programOf(name, text))
  }

  /** Runs what is asked about one of the things that are known; in one format each, by turns. */
  async commandsAbout(places: readonly string[], known: KnownIds, turn: number): Promise<void> {
    for (const leaf of await commandTree()) {
      if (!asksForOneOf(leaf, places)) continue
      const [line] = hostileLines(leaf, { known, text: 'reason', turn })
      if (line !== undefined) await this.line(line)
    }
  }

  /** Runs what can be asked without a word, in one format each, by turns. */
  async commandsOfNothing(turn: number): Promise<void> {
    for (const leaf of await commandTree()) {
      const [line] = asksForNothing(leaf) ? hostileLines(leaf, { known: {}, text: '', turn }) : []
      if (line !== undefined) await this.line(line)
    }
  }

  /** Runs a command, and a line that none takes, with each text in turn: every command meets as many as every other. */
  async everyText(texts: readonly string[]): Promise<void> {
    const tree = await commandTree()
    const taken = tree.filter((leaf) => hostileLines(leaf, { known: {}, text: '' }).length > 0)
    for (const [index, text] of texts.entries()) {
      const leaf = taken[index % taken.length]
      const lines = leaf === undefined ? [] : hostileLines(leaf, { known: {}, text, turn: index })
      const wrong = wrongLines(text)
      for (const line of [lines[0] ?? [], wrong[index % wrong.length] ?? []]) await this.line(line)
    }
  }

  /** A GET of the API as JSON. */
  async get<T>(path: string): Promise<T> {
    const { http, token } = this.server.ready
    const response = await fetch(http + path, { headers: { authorization: `Bearer ${token}` } })
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
    return (await response.json()) as T // the caller names the shape that the route documents
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.server[Symbol.asyncDispose]()
    rmSync(this.folder, { recursive: true, force: true })
  }

  /** One OTLP/JSON request. */
  async send(request: unknown): Promise<void> {
    const response = await fetch(`${this.server.ready.otlpHttp}/v1/traces`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(request),
    })
    if (!response.ok) throw new Error(`the server refused the spans: ${response.status} ${await response.text()}`)
  }
}

/** What no command is, no flag and no value of one. */
function wrongLines(text: string): readonly (readonly string[])[] {
  return [[text], [`--${text}`], ['agents', text], ['agents', '-o', text], ['bom', text], ['agents', '-n', text]]
}

/** What a terminal could obey or hide, by number; ends of lines are ours. */
export function rawCharacters(printed: string): readonly string[] {
  const raw: string[] = []
  for (const character of printed.replaceAll('\r\n', '\n')) {
    const code = character.codePointAt(0) ?? 0
    if (code !== 0x0a && isHiddenCharacter(code)) raw.push(`U+${code.toString(16)}`)
  }
  return raw
}
