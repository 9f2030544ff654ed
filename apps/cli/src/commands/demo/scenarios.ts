import { spawn, type ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'
import { CliError } from '../../cli-error.ts'
import type { ServerAddress } from '../../server/find-server.ts'
import { nodeArguments } from '../../server/server-program.ts'

/** One line of progress of the scenarios' program. */
export type ScenarioStep = {
  readonly scenario: string
  readonly status: 'started' | 'finished' | 'failed'
  readonly detail: string
  readonly conversation: string | undefined
  readonly incident?: string
}

/** How one scenario ended. */
export type ScenarioOutcome = {
  readonly name: string
  readonly status: 'finished' | 'failed'
  readonly detail: string
  readonly conversations: readonly string[]
  /** What a story came to, where that is an incident. */
  readonly incident?: string
}

export type RunScenarios = {
  readonly server: ServerAddress
  /** OTLP over HTTP. */
  readonly otlp: string
  /** Names; empty for all stories, or for all small agents. */
  readonly only: readonly string[]
  readonly agents: boolean
  readonly signal: AbortSignal
  readonly onStep: (step: ScenarioStep) => void
  /** Lines that are not progress. */
  readonly onTalk: (line: string) => void
}

/** Tells the stories at once, or runs the small agents one after the other. An abort stops them; what they started they stop themselves. */
export async function runScenarios(options: RunScenarios): Promise<readonly ScenarioOutcome[]> {
  const only = options.only.flatMap((name) => ['--only', name])
  const program = nodeArguments('../../../../scenarios/src/run.ts', '../../../scenarios/dist/run.js')
  const { server, otlp, agents } = options
  const target = ['--url', server.http, '--otlp', otlp]
  const child = spawn(process.execPath, [...program, ...(agents ? ['--agents'] : only), ...target], {
    stdio: ['ignore', 'pipe', 'pipe'],
    // The token goes by the environment: arguments are for everybody to read.
    env: { ...process.env, HOLDFAST_TOKEN: server.token },
  })
  const stop = (): void => void child.kill('SIGTERM')
  options.signal.addEventListener('abort', stop)
  try {
    return await collect(child, options)
  } finally {
    options.signal.removeEventListener('abort', stop)
  }
}

async function collect(child: ChildProcess, options: RunScenarios): Promise<readonly ScenarioOutcome[]> {
  const steps: ScenarioStep[] = []
  if (child.stdout === null || child.stderr === null) throw new CliError('fault', 'the scenarios have no output')
  createInterface({ input: child.stderr }).on('line', options.onTalk)
  createInterface({ input: child.stdout }).on('line', (line) => {
    const step = parseStep(line)
    if (step === undefined) options.onTalk(line)
    else {
      steps.push(step)
      options.onStep(step)
    }
  })
  const code = await new Promise<number | null>((done, failed) => {
    child.once('error', failed)
    child.once('close', done)
  })
  if (code === USAGE) throw new CliError('usage', 'the scenarios do not know this --only; the line above names them')
  const outcomes = outcomesOf(steps)
  if (code !== 0 && !outcomes.some((outcome) => outcome.status === 'failed') && !options.signal.aborted) {
    throw new CliError('check-failed', `the scenarios ended with ${code ?? 'a signal'}`)
  }
  return outcomes
}

/** What the scenarios' program ends with for wrong arguments. */
const USAGE = 2

/** Folds progress into one outcome a scenario; one that never finished has failed. */
export function outcomesOf(steps: readonly ScenarioStep[]): readonly ScenarioOutcome[] {
  const names = [...new Set(steps.map((step) => step.scenario))]
  return names.map((name) => {
    const own = steps.filter((step) => step.scenario === name)
    const failed = own.find((step) => step.status === 'failed')
    const finished = own.findLast((step) => step.status === 'finished')
    const conversations = [...new Set(own.flatMap((step) => step.conversation ?? []))]
    const incident = own.findLast((step) => step.incident !== undefined)?.incident
    const more = { conversations, ...(incident === undefined ? {} : { incident }) }
    if (failed !== undefined) return { name, status: 'failed', detail: failed.detail, ...more }
    return finished === undefined
      ? { name, status: 'failed', detail: 'it did not finish', ...more }
      : { name, status: 'finished', detail: finished.detail, ...more }
  })
}

/** Undefined for a line that is no progress. */
export function parseStep(line: string): ScenarioStep | undefined {
  let fields: Readonly<Record<string, unknown>> | null
  try {
    fields = JSON.parse(line) as typeof fields
  } catch {
    // Talk of a child: passed on as it is.
    return undefined
  }
  const { scenario, status, detail, conversation, incident } = fields ?? {}
  if (typeof scenario !== 'string') return undefined
  if (status !== 'started' && status !== 'finished' && status !== 'failed') return undefined
  return {
    scenario,
    status,
    detail: typeof detail === 'string' ? detail : '',
    conversation: typeof conversation === 'string' ? conversation : undefined,
    ...(typeof incident === 'string' ? { incident } : {}),
  }
}
