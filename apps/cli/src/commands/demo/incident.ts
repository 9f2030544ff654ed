import { ours } from '../../called-as.ts'
import { counted, shellWord } from '@holdfast/model'
import { text } from 'node:stream/consumers'
import { createInterface } from 'node:readline'
import { CliError } from '../../cli-error.ts'
import type { CliContext } from '../../context.ts'
import { inert } from '../../render/inert.ts'
import { formatOf, printDocument, say } from '../../render/output.ts'
import { apiOf } from '../../server/api.ts'
import type { ServerAddress } from '../../server/find-server.ts'
import { otlpAddressOf } from '../../server/otlp-address.ts'
import { nodeArguments } from '../../server/server-program.ts'
import type { DemoFlags } from './command.ts'
import { startProgram } from './program.ts'

/** What the scenarios' program prints, as far as it is shown. */
type Result = {
  readonly scenario: string
  readonly differences: readonly string[]
  readonly incidents: readonly {
    readonly id: string
    readonly outcome: string
    readonly type: string
    readonly contributing: readonly string[]
    readonly confidence: number
    readonly headline: string
    readonly agents: readonly string[]
    readonly chain: { readonly template?: string }
    readonly rung: { readonly rung: string | null; readonly reason: string }
  }[]
  readonly evidence?: { readonly completeness: number; readonly artifacts: Readonly<Record<string, string>> }
  readonly plan?: {
    readonly rung: string
    readonly families: readonly string[]
    readonly deadlineSeconds?: number
    readonly row: number
    /** Answers that only people have, as flags of `incidents plan`. */
    readonly told: Readonly<Record<string, string>>
  }
  readonly response?: {
    /** Its id at the end. */
    readonly incident: string
    readonly worked: {
      readonly closed: readonly string[]
      readonly refused: readonly string[]
      readonly resolution?: string
    }
    readonly plans: readonly {
      readonly by: string
      readonly state: string
      readonly containedAfterMs?: number
      readonly steps: readonly {
        readonly id: string
        readonly provider: string
        readonly state: string
        readonly detail: string
      }[]
    }[]
    readonly held: readonly {
      readonly deployment: string
      readonly isAlive: boolean
      readonly pulses: number
      readonly through: number
    }[]
    readonly learned?: {
      readonly why: string
      readonly figures?: { readonly chain: Replayed; readonly variant: Replayed }
    }
    /** What holds an agent of it at the end. */
    readonly rung: Result['incidents'][number]['rung']
  }
}

/** Numbers of the events of a chain with which it is first named, from 0. */
type Replayed = {
  readonly events: number
  readonly before: { readonly attempt?: number; readonly incident?: number }
  readonly after: { readonly attempt?: number; readonly incident?: number }
}

/** What `demo incident NAME --json` prints. */
export type DemoIncident = Pick<Result, 'scenario' | 'differences'> & {
  readonly server: string | null
  readonly asExpected: boolean
  /** Id, and null where none was found: a benign twin gives none. */
  readonly incident: string | null
  readonly type?: string
  readonly contributing?: readonly string[]
  readonly confidence?: number
  readonly headline?: string
  readonly agents?: readonly string[]
  readonly template?: string
  /** What the ladder asks for; nothing of it was done. */
  readonly rung?: NonNullable<Result['plan']>
  /** What holds an agent of it. */
  readonly containment?: Result['incidents'][number]['rung']
  readonly evidence?: NonNullable<Result['evidence']>
  /** With `--respond`: the plans, and how far the case was worked. */
  readonly response?: NonNullable<Result['response']>
  /** Incidents and attempts beside it, of which a scenario expects none. */
  readonly others: number
}

/**
 * Runs one incident scenario to its end, on the running server where there is one, else on a temporary one of its own; ends
 * with `check-failed` where the verdict is not what the scenario must give.
 */
export async function demoIncident(
  context: CliContext,
  flags: DemoFlags,
  { name, server }: { readonly name: string; readonly server: ServerAddress | undefined },
): Promise<void> {
  const format = formatOf(flags, 'table')
  const result = await played(context, flags, { name, server })
  const shown = shownOf(result, server?.http ?? null)
  if (format === 'table') context.stdout.write(pageText(shown, context.program))
  else printDocument(context, format, shown)
  if (!shown.asExpected) context.exit('check-failed')
}

async function played(
  context: CliContext,
  flags: DemoFlags,
  { name, server }: { readonly name: string; readonly server: ServerAddress | undefined },
): Promise<Result> {
  const program = nodeArguments(
    '../../../../scenarios/src/incidents/main.ts',
    '../../../scenarios/dist/incidents/main.js',
  )
  const target = server === undefined ? [] : ['--url', server.http, '--otlp', await otlpOf(context, flags, server)]
  const child = startProgram([...program, name, ...(flags.respond === true ? ['--respond'] : []), ...target], server)
  const stop = (): void => void child.kill('SIGTERM')
  context.signal.addEventListener('abort', stop)
  try {
    createInterface({ input: child.stderr }).on('line', (line) => say(context, inert(line)))
    const ended = new Promise<number | null>((done) => child.once('close', done))
    const printed = await text(child.stdout)
    const code = await ended
    if (code === USAGE)
      throw new CliError(
        'usage',
        name === ''
          ? 'demo incident takes the name of one of them'
          : `there is no incident scenario "${inert(name)}"; the lines above name them`,
        { remedy: ours`holdfast demo incident sanctioned-bucket` },
      )
    if (code === CANNOT_RUN) throw cannotRunError(name, printed)
    if (printed.trim() === '') throw new CliError('check-failed', `scenario ${inert(name)} did not come to its end`)
    return JSON.parse(printed) as Result // the one document that the program prints
  } finally {
    context.signal.removeEventListener('abort', stop)
  }
}

async function otlpOf(context: CliContext, flags: DemoFlags, server: ServerAddress): Promise<string> {
  return await otlpAddressOf(apiOf(context, server), { flag: flags.otlp, env: context.env })
}

/** What the scenarios' program ends with for wrong arguments. */
const USAGE = 2
/** And where it cannot be played on this machine. */
const CANNOT_RUN = 3

function cannotRunError(name: string, printed: string): CliError {
  // The document of that code.
  const { cannotRun, own } = JSON.parse(printed) as { readonly cannotRun: string; readonly own?: true }
  const message = `${inert(name)} cannot be played here, and nothing was begun: ${inert(cannotRun)}`
  return new CliError('unavailable', message, {
    remedy:
      own === true
        ? ours`holdfast demo incident ${inert(name)} --respond --own   plays it on a temporary server beside this one`
        : ours`holdfast doctor says what this machine and the server lack`,
  })
}

function shownOf(
  { scenario, differences, incidents, evidence, plan, response }: Result,
  server: string | null,
): DemoIncident {
  const incident = incidents.find(({ outcome }) => outcome === 'incident')
  const shared = { scenario, server, asExpected: differences.length === 0, differences }
  if (incident === undefined) return { ...shared, incident: null, others: incidents.length }
  const { id, type, contributing, confidence, headline, agents, chain, rung } = incident
  return {
    ...shared,
    // What it went by when it was named leads there too.
    incident: response?.incident ?? id,
    type,
    contributing,
    confidence,
    headline,
    agents,
    ...(chain.template === undefined ? {} : { template: chain.template }),
    ...(plan === undefined ? {} : { rung: plan }),
    containment: response?.rung ?? rung,
    ...(evidence === undefined ? {} : { evidence }),
    ...(response === undefined ? {} : { response }),
    others: incidents.length - 1,
  }
}

/** Told nothing, the ladder takes the worse: whoever repeats it without these answers gets another deadline. */
function toldLines({ incident, server, rung }: DemoIncident, program: string | undefined): readonly string[] {
  const answers = Object.entries(rung?.told ?? {})
  if (answers.length === 0) return []
  const flags = answers.map(([name, value]) => `--${name} ${shellWord(value)}`)
  return [
    `  told: ${answers.map(([name, value]) => `${name} ${inert(value)}`).join(', ')}`,
    // A server of its own ended with the run.
    ...(server === null
      ? []
      : [ours`  again: holdfast incidents plan ${incident ?? ''} ${flags.join(' ')}`.as(program)]),
  ]
}

function replayLine(name: string, { events, before, after }: Replayed): string {
  const at = (caught: Replayed['before']): string =>
    `attempt ${caught.attempt ?? 'never'}, incident ${caught.incident ?? 'never'}`
  return `  ${name} of ${counted(events, 'event')}: ${at(before)}; with what was learned: ${at(after)}`
}

function responseLines({ plans, worked, held, learned }: NonNullable<DemoIncident['response']>): readonly string[] {
  return [
    ...plans.flatMap(({ by, state, containedAfterMs, steps }) => [
      `plan by ${inert(by)}: ${state}${containedAfterMs === undefined ? '' : ` ${(containedAfterMs / 1000).toFixed(1)} s after the graph`}`,
      ...steps.map((step) => `  ${inert(step.provider)} ${inert(step.id)}: ${step.state}, ${inert(step.detail)}`),
    ]),
    ...held.map(
      ({ deployment, isAlive, pulses, through }) =>
        `${inert(deployment)} ${isAlive ? 'lives' : 'has ended'}: ${through} of ${pulses} tries of its outside got through`,
    ),
    `phases closed: ${worked.closed.join(', ') || 'none'}${worked.resolution === undefined ? '' : `; the case is ${worked.resolution}`}`,
    ...(learned === undefined ? [] : [`learned: ${inert(learned.why)}`]),
    ...(learned?.figures === undefined
      ? []
      : [replayLine('the chain', learned.figures.chain), replayLine('its variant', learned.figures.variant)]),
    ...worked.refused.map((reason) => `  stopped at ${inert(reason)}`),
  ]
}

function pageText(shown: DemoIncident, program: string | undefined): string {
  const { incident, type, confidence, headline, template, rung, containment, evidence, response } = shown
  const { asExpected, differences } = shown
  const lines =
    incident === null
      ? ['no incident']
      : [
          `${incident}  ${type}  confidence ${confidence}${template === undefined ? '' : `  ${template}`}`,
          inert(headline ?? ''),
          ...(rung === undefined
            ? []
            : [
                `the ladder asks for ${rung.rung} + ${rung.families.join(', ')}${rung.deadlineSeconds === undefined ? '' : ` within ${rung.deadlineSeconds} s`}`,
                ...toldLines(shown, program),
              ]),
          `containment: ${containment?.rung ?? 'none'}: ${inert(containment?.reason ?? '')}`,
          ...(response === undefined ? [] : responseLines(response)),
          ...(evidence === undefined ? [] : [`evidence: ${Math.round(evidence.completeness * 100)} % complete`]),
        ]
  const verdict = asExpected ? ['as expected'] : ['not as expected:', ...differences.map((line) => `  ${inert(line)}`)]
  return `${[...lines, ...verdict].join('\n')}\n`
}
