import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Answer } from '@holdfast/api'
import { HOLDFAST, startOwnHoldfast, type HoldfastAddress } from '../incidents/holdfast.ts'
import { beginMarkedRun, type MarkedRun, toldAtItsEnd } from '../incidents/marked-run.ts'
import { startInPrivateNetwork } from '../incidents/network/private-network.ts'
import { Stage } from '../incidents/stage.ts'
import { DELIVERY_PORT, ENVELOPE_AGENTS, envelopeScript, type EnvelopeAgent } from './agents.ts'
import { envelopeHistory, workloadOf } from './history.ts'
import { sideBySide, type EnvelopeResult } from './side-by-side.ts'

export type EnvelopeOptions = {
  /** A server with a kernel sensor; one of its own, which ends with the run, where it is left out. */
  readonly holdfast?: HoldfastAddress
  /** Ordinary runs of each agent that are observed before its policies are made. */
  readonly observed?: number
  readonly onStep?: (line: string) => void
  readonly signal?: AbortSignal
}

/** What `holdfast run --json` prints, as far as it is read here. */
export type EnvelopeRun = {
  readonly run: string
  readonly agent: string
  readonly sight: string
  readonly policy?: {
    readonly artifacts: readonly {
      readonly kind: string
      readonly artifact: string
      readonly mode: string
      readonly profile: string
    }[]
    readonly violations: readonly {
      readonly event: string
      readonly artifact: string
      readonly kind: string
      readonly pointer: string
      readonly what: string
      readonly conversation?: string
      readonly count: number
    }[]
  }
}

/** How one run ended: its report, and what became of each tool. */
export type Tried = {
  readonly report: EnvelopeRun
  readonly became: Readonly<Record<string, string>>
  readonly conversation: string
}

const OBSERVED = 3
const SAMPLES = 24

/**
 * Observes two agents at work, has the server make their policies, and runs both at once, each under its own, while each tries
 * what the other does. Needs root and a kernel sensor. On a server that is not its own all of it is marked as demo data. Rejects where an agent fails or a policy is not made.
 */
export async function runEnvelopes(options: EnvelopeOptions): Promise<EnvelopeResult> {
  const { holdfast, signal } = options
  const marked = holdfast === undefined ? undefined : await beginMarkedRun(holdfast, 'envelopes')
  return await toldAtItsEnd(marked, { signal, run: () => runMarked(options, marked) })
}

async function runMarked(options: EnvelopeOptions, marked: MarkedRun | undefined): Promise<EnvelopeResult> {
  const tell = (line: string): void => options.onStep?.(line)
  await using place = new AsyncDisposableStack()
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-envelopes-'))
  place.defer(() => rmSync(folder, { recursive: true, force: true }))
  const holdfast = options.holdfast ?? place.use(await startOwnHoldfast({ sensor: true }))
  const run = randomBytes(3).toString('hex')
  const cast = marked?.cast ?? { cluster: `envelopes-${run}`, account: '000000000000', run }
  const stage = place.use(new Stage({ holdfast, cast, t0: Date.now(), folder, signal: options.signal, tell }))
  await marked?.tell('acting', { detail: 'two agents are observed, and run under their policies' })
  const model = await stage.model(envelopeScript())
  for (const agent of ENVELOPE_AGENTS) {
    tell(`${agent.name}: importing its quiet weeks, which are simulated`)
    const past = { t0: stage.t0, cast, executions: SAMPLES, seed: 1 }
    await stage.import(`${agent.name}.jsonl`, envelopeHistory(past, agent))
  }
  for (let at = 1; at <= (options.observed ?? OBSERVED); at += 1) {
    options.signal?.throwIfAborted()
    tell(`observing ordinary run ${at} of both, seen by the kernel`)
    const seen = await atOnce(stage, { model, at, prompt: 'Please keep the report.', policies: new Map() })
    for (const { report } of seen) if (report.sight !== 'kernel') throw new Error('no kernel sensor saw the agents')
  }
  const policies = new Map<string, string>()
  for (const agent of ENVELOPE_AGENTS) policies.set(agent.name, await policyOf(stage, agent))
  tell('both run at once, each under its own policies, and each tries everything')
  const tried = await atOnce(stage, { model, at: 0, prompt: 'Please try everything', policies })
  const result = sideBySide(tried)
  await marked?.tell(result.differences.length === 0 ? 'told' : 'failed', { detail: result.differences.join('; ') })
  return result
}

/** Has the server make the policies of an agent; the file that holds them. */
async function policyOf(stage: Stage, agent: EnvelopeAgent): Promise<string> {
  const id = encodeURIComponent(stage.agentId(workloadOf(agent)))
  // Its system calls were seen on one day, because they were seen for real: taking them all the same is a decision on record.
  const decision = {
    decision: 'confidence',
    value: 'days>=1',
    reason: 'observed in runs of today, beside simulated weeks',
  }
  await post(stage.holdfast, `/agents/${id}/policies/decisions`, decision)
  const made = await post<Answer<'generatePolicies'>>(stage.holdfast, `/agents/${id}/policies`, {
    kinds: ['seccomp', 'host-egress'],
  })
  const { artifacts, refusals } = made
  if (artifacts.length < 2)
    throw new Error(`${agent.name}: ${refusals.map(({ kind, reason }) => `no ${kind}: ${reason}`).join('; ')}`)
  stage.tell(
    `${agent.name}: ${artifacts.map(({ kind, id: made, lines }) => `${kind} ${made.slice(0, 12)} of ${lines.length} lines`).join(', ')}`,
  )
  const file = join(stage.folder, `${agent.name}-policies.json`)
  writeFileSync(file, JSON.stringify({ artifacts }))
  return file
}

type Trial = {
  readonly model: string
  readonly at: number
  readonly prompt: string
  readonly policies: ReadonlyMap<string, string>
}

/** One run of each, at the same time and in one network. */
async function atOnce(stage: Stage, { model, at, prompt, policies }: Trial): Promise<readonly [Tried, Tried]> {
  const source = (path: string): string => fileURLToPath(new URL(`../../src/${path}`, import.meta.url))
  const commands = ENVELOPE_AGENTS.map((agent) => {
    const file = policies.get(agent.name)
    // The scripted model and the server stand on the machine's own loopback.
    const under = file === undefined ? [] : ['--policy', file, '--mode', 'enforce', '--loopback', 'any']
    const program = ['--conditions=@holdfast/source', '--import', source('telemetry.ts'), source('envelopes/agent.ts')]
    return {
      command: [
        process.execPath,
        ...HOLDFAST,
        'run',
        '--name',
        agent.name,
        ...under,
        '--json',
        '--',
        process.execPath,
        ...program,
      ],
      env: {
        ...stage.reaching,
        ...stage.environment(workloadOf(agent)),
        OPENAI_BASE_URL: model,
        ENVELOPE_AGENT: agent.name,
        ENVELOPE_PROMPT: file === undefined ? prompt : `${prompt.toLowerCase()} as ${agent.name}`,
        ENVELOPE_CONVERSATION: conversationOf(stage, agent, at),
      },
    }
  })
  const { holdfast } = stage
  await using network = await startInPrivateNetwork({
    signal: stage.signal,
    hosts: ENVELOPE_AGENTS.map(({ host, address }) => ({ name: host, address, port: DELIVERY_PORT })),
    ports: [holdfast.url, holdfast.otlpUrl, model].map((url) => Number(new URL(url).port)),
    command: [process.execPath, source('envelopes/both.ts')],
    env: { ...stage.environment(), ENVELOPE_COMMANDS: JSON.stringify(commands) },
  })
  const { code, output, said } = await network.ended
  if (code !== 0) throw new Error(`the agents ended with ${code}: ${said}`)
  const ended = JSON.parse(output) as readonly {
    readonly code: number
    readonly output: string
    readonly said: string
  }[] // what both.ts prints
  const [first, second] = ENVELOPE_AGENTS.map((agent, i): Tried => {
    const one = ended[i]
    const became = /^became (.*)$/m.exec(one?.said ?? '')?.[1]
    if (one === undefined || one.code !== 0 || became === undefined)
      throw new Error(`${agent.name} ended with ${one?.code}: ${one?.said}`)
    return {
      report: JSON.parse(one.output) as EnvelopeRun, // what `holdfast run --json` prints
      became: JSON.parse(became) as Readonly<Record<string, string>>, // what agent.ts writes
      conversation: conversationOf(stage, agent, at),
    }
  })
  if (first === undefined || second === undefined) throw new Error('two agents were to run')
  return [first, second]
}

function conversationOf({ cast }: Stage, { name }: EnvelopeAgent, at: number): string {
  return `report-${name}-${at === 0 ? 'trial' : at}-${cast.run}`
}

async function post<T>({ url, token }: HoldfastAddress, path: string, body: object): Promise<T> {
  const response = await fetch(`${url}/api/v1${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`)
  return (await response.json()) as T
}
