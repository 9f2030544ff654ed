import { spawn, type ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'
import { CliError } from '../../cli-error.ts'
import { nodeArguments } from '../../server/server-program.ts'

/** One line of progress of the scenarios' program. */
export type ScenarioStep = {
  readonly scenario: string
  readonly status: 'started' | 'finished' | 'failed'
  readonly detail: string
  readonly conversation: string | undefined
}

/** How one scenario ended. */
export type ScenarioOutcome = {
  readonly name: string
  readonly status: 'finished' | 'failed'
  readonly detail: string
  readonly conversations: readonly string[]
}

export type RunScenarios = {
  /** OTLP over HTTP. */
  readonly otlp: string
  /** Names; empty for all. */
  readonly only: readonly string[]
  readonly signal: AbortSignal
  readonly onStep: (step: ScenarioStep) => void
  /** Lines that are not progress. */
  readonly onTalk: (line: string) => void
}

/** Runs the scenarios one after the other. An abort stops them; what they started they stop themselves. */
export async function runScenarios(options: RunScenarios): Promise<readonly ScenarioOutcome[]> {
  const only = options.only.flatMap((name) => ['--only', name])
  const program = nodeArguments('../../../../scenarios/src/run.ts', '../../../scenarios/dist/run.js')
  const child = spawn(process.execPath, [...program, ...only, '--otlp', options.otlp], {
    stdio: ['ignore', 'pipe', 'pipe'],
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
    if (failed !== undefined) return { name, status: 'failed', detail: failed.detail, conversations }
    return finished === undefined
      ? { name, status: 'failed', detail: 'it did not finish', conversations }
      : { name, status: 'finished', detail: finished.detail, conversations }
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
  const { scenario, status, detail, conversation } = fields ?? {}
  if (typeof scenario !== 'string') return undefined
  if (status !== 'started' && status !== 'finished' && status !== 'failed') return undefined
  return {
    scenario,
    status,
    detail: typeof detail === 'string' ? detail : '',
    conversation: typeof conversation === 'string' ? conversation : undefined,
  }
}
