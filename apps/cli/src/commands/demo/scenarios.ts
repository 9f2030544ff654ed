import { ours } from '../../called-as.ts'
import { createInterface } from 'node:readline'
import { CliError } from '../../cli-error.ts'
import { inert } from '../../render/inert.ts'
import type { ServerAddress } from '../../server/find-server.ts'
import { nodeArguments } from '../../server/server-program.ts'
import { type ScenarioProgram, startProgram } from './program.ts'

/** One line of progress of the scenarios' program. */
export type ScenarioStep = {
  readonly scenario: string
  readonly status: 'started' | 'finished' | 'failed'
  readonly detail: string
  readonly conversation: string | undefined
  readonly incident?: string
  readonly ended?: string
}

/** How one scenario ended. */
export type ScenarioOutcome = {
  readonly name: string
  readonly status: 'finished' | 'failed'
  readonly detail: string
  readonly conversations: readonly string[]
  /** What a story came to, where that is an incident. */
  readonly incident?: string
  /** Why its agent, which was to go on, ended with the story. */
  readonly ended?: string
}

export type RunScenarios = {
  readonly server: ServerAddress
  /** OTLP over HTTP. */
  readonly otlp: string
  /** Names; empty for all stories, or for all small agents. */
  readonly only: readonly string[]
  readonly agents: boolean
  /** An agent that can be held goes on after the stories. */
  readonly stay: boolean
  readonly signal: AbortSignal
  readonly onStep: (step: ScenarioStep) => void
  /** Lines that are not progress. */
  readonly onTalk: (line: string) => void
}

/** How the scenarios ended, and those whose agents go on until `ended`, which is once the program has. */
export type Played = {
  readonly outcomes: readonly ScenarioOutcome[]
  readonly staying: readonly string[]
  readonly ended: Promise<unknown>
}

/**
 * Tells the stories at once, or runs the small agents one after the other; resolves once they are told. An abort stops them; what
 * they started they stop themselves. Rejects with `unavailable` where the agent of a story that is named was to stay and cannot.
 */
export async function runScenarios(options: RunScenarios): Promise<Played> {
  const only = options.only.flatMap((name) => ['--only', name])
  const program = nodeArguments('../../../../scenarios/src/run.ts', '../../../scenarios/dist/run.js')
  const { server, otlp, agents } = options
  const target = ['--url', server.http, '--otlp', otlp]
  const stay = options.stay ? ['--stay'] : []
  const child = startProgram([...program, ...(agents ? ['--agents'] : only), ...stay, ...target], server)
  const stop = (): void => void child.kill('SIGTERM')
  options.signal.addEventListener('abort', stop)
  const steps: ScenarioStep[] = []
  const told = Promise.withResolvers<readonly string[]>()
  const ended = collect(child, { ...options, steps, onStaying: told.resolve }).finally(() =>
    options.signal.removeEventListener('abort', stop),
  )
  // Whoever waits for the first of them is told; where that is the staying, the other is looked at by who waits for the end.
  ended.catch(() => undefined)
  const staying = await Promise.race([told.promise, ended.then((): readonly string[] => [])])
  return { outcomes: outcomesOf(steps), staying, ended }
}

type Collecting = RunScenarios & {
  readonly steps: ScenarioStep[]
  readonly onStaying: (stories: readonly string[]) => void
}

async function collect(child: ScenarioProgram, options: Collecting): Promise<void> {
  const { steps } = options
  let cannotStay: string | undefined
  createInterface({ input: child.stderr }).on('line', options.onTalk)
  createInterface({ input: child.stdout }).on('line', (line) => {
    const step = parseStep(line)
    const staying = step === undefined ? parseStaying(line) : undefined
    cannotStay ??= parseCannotStay(line)
    if (staying !== undefined) options.onStaying(staying)
    else if (cannotStay !== undefined) return
    else if (step === undefined) options.onTalk(line)
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
  if (code === CANNOT_STAY) throw cannotStayError(cannotStay ?? 'it does not say why')
  if (code !== 0 && !outcomesOf(steps).some((outcome) => outcome.status === 'failed') && !options.signal.aborted) {
    throw new CliError('check-failed', `the scenarios ended with ${code ?? 'a signal'}`)
  }
}

/** What the scenarios' program ends with for wrong arguments. */
const USAGE = 2
/** And where an agent was to stay and cannot. */
const CANNOT_STAY = 3

function cannotStayError(why: string): CliError {
  return new CliError('unavailable', `no agent can stay so that it is held, and nothing was begun: ${inert(why)}`, {
    remedy: ours`holdfast doctor names what the sensor takes; without --stay the story is told to its end`,
  })
}

/** Folds progress into one outcome a scenario; one that never finished has failed. */
export function outcomesOf(steps: readonly ScenarioStep[]): readonly ScenarioOutcome[] {
  const names = [...new Set(steps.map((step) => step.scenario))]
  return names.map((name) => {
    const own = steps.filter((step) => step.scenario === name)
    const failed = own.find((step) => step.status === 'failed')
    const finished = own.findLast((step) => step.status === 'finished')
    const conversations = [...new Set(own.flatMap((step) => step.conversation ?? []))]
    const incident = own.findLast((step) => step.incident !== undefined)?.incident
    const ended = own.findLast((step) => step.ended !== undefined)?.ended
    const more = {
      conversations,
      ...(incident === undefined ? {} : { incident }),
      ...(ended === undefined ? {} : { ended }),
    }
    if (failed !== undefined) return { name, status: 'failed', detail: failed.detail, ...more }
    return finished === undefined
      ? { name, status: 'failed', detail: 'it did not finish', ...more }
      : { name, status: 'finished', detail: finished.detail, ...more }
  })
}

/** Stories whose agents go on, as the program says once all are told; undefined for any other line. */
export function parseStaying(line: string): readonly string[] | undefined {
  const { staying } = fieldsOf(line)
  return Array.isArray(staying) && staying.every((name) => typeof name === 'string') ? staying : undefined
}

/** Why an agent that was to go on cannot, and nothing was begun; undefined for any other line. */
export function parseCannotStay(line: string): string | undefined {
  const { cannotStay } = fieldsOf(line)
  return typeof cannotStay === 'string' ? cannotStay : undefined
}

/** Undefined for a line that is no progress. */
export function parseStep(line: string): ScenarioStep | undefined {
  const { scenario, status, detail, conversation, incident, ended } = fieldsOf(line)
  if (typeof scenario !== 'string') return undefined
  if (status !== 'started' && status !== 'finished' && status !== 'failed') return undefined
  return {
    scenario,
    status,
    detail: typeof detail === 'string' ? detail : '',
    conversation: typeof conversation === 'string' ? conversation : undefined,
    ...(typeof incident === 'string' ? { incident } : {}),
    ...(typeof ended === 'string' ? { ended } : {}),
  }
}

/** Of a line that is no JSON object, none: talk of a child, which is passed on as it is. */
function fieldsOf(line: string): Readonly<Record<string, unknown>> {
  try {
    return (JSON.parse(line) as Readonly<Record<string, unknown>> | null) ?? {}
  } catch {
    return {}
  }
}
