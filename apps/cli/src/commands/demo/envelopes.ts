import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { CliError } from '../../cli-error.ts'
import type { CliContext } from '../../context.ts'
import { inert } from '../../render/inert.ts'
import { formatOf, paintOf, printDocument, say } from '../../render/output.ts'
import { apiOf } from '../../server/api.ts'
import type { ServerAddress } from '../../server/find-server.ts'
import { otlpAddressOf } from '../../server/otlp-address.ts'
import { nodeArguments } from '../../server/server-program.ts'
import type { DemoFlags } from './command.ts'
import { startProgram } from './program.ts'

/** What `demo envelopes --json` prints: what the scenario's program does. */
export type DemoEnvelopes = {
  readonly agents: readonly {
    readonly name: string
    readonly agent: string
    readonly run: string
    readonly conversation: string
    readonly artifacts: readonly { readonly kind: string; readonly artifact: string; readonly profile: string }[]
  }[]
  readonly rows: readonly {
    readonly what: string
    readonly layer: string
    /** Whose ordinary work it is. */
    readonly of: string
    readonly tried: readonly {
      readonly agent: string
      readonly became: string
      readonly refusal?: {
        readonly artifact: string
        readonly pointer: string
        readonly event: string
        readonly conversation: string
      }
    }[]
  }[]
  /** Empty where both envelopes did what they must. */
  readonly differences: readonly string[]
}

/** Two agents at once, each under generated policies of its own; ends with `check-failed` where an envelope did not hold. */
export async function demoEnvelopes(
  context: CliContext,
  flags: DemoFlags,
  { server }: { readonly server: ServerAddress | undefined },
): Promise<void> {
  const format = formatOf(flags, 'table')
  if (process.getuid?.() !== 0)
    throw new CliError('denied', 'demo envelopes confines two agents in the kernel, which takes root')
  const result = await played(context, flags, server)
  if (format === 'table') context.stdout.write(pageText(context, result))
  else printDocument(context, format, result)
  if (result.differences.length > 0) context.exit('check-failed')
}

async function played(
  context: CliContext,
  flags: DemoFlags,
  server: ServerAddress | undefined,
): Promise<DemoEnvelopes> {
  const program = nodeArguments(
    '../../../../scenarios/src/envelopes/main.ts',
    '../../../scenarios/dist/envelopes/main.js',
  )
  const target =
    server === undefined
      ? []
      : [
          '--url',
          server.http,
          '--otlp',
          await otlpAddressOf(apiOf(context, server), { flag: flags.otlp, env: context.env }),
        ]
  const child = startProgram([...program, ...target], server)
  const stop = (): void => void child.kill('SIGTERM')
  context.signal.addEventListener('abort', stop)
  try {
    createInterface({ input: child.stderr }).on('line', (line) => say(context, inert(line)))
    const ended = new Promise<number | null>((done) => child.once('close', done))
    const printed = await text(child.stdout)
    await ended
    if (printed.trim() === '') throw new CliError('check-failed', 'the two agents did not come to their end')
    return JSON.parse(printed) as DemoEnvelopes // the one document that the program prints
  } finally {
    context.signal.removeEventListener('abort', stop)
  }
}

const WIDTH = 34

function pageText(context: CliContext, { agents, rows, differences }: DemoEnvelopes): string {
  const paint = paintOf(context)
  const line = (first: string, cells: readonly string[]): string =>
    `${first.padEnd(WIDTH)}${cells.map((cell) => cell.padEnd(WIDTH)).join('')}`.trimEnd()
  const artifactOf = (at: number, kind: string): string => {
    const found = agents[at]?.artifacts.find((one) => one.kind === kind)
    return found === undefined ? 'none' : `${found.artifact.slice(0, 12)} of ${found.profile.slice(0, 8)}`
  }
  const both = agents.map((_, at) => at)
  const head = [
    line(
      '',
      agents.map(({ name }) => inert(name)),
    ),
    line(
      'seccomp envelope',
      both.map((at) => artifactOf(at, 'seccomp')),
    ),
    line(
      'egress list',
      both.map((at) => artifactOf(at, 'host-egress')),
    ),
    line(
      'conversation',
      agents.map(({ conversation }) => inert(conversation)),
    ),
    '',
  ]
  const body = rows.map(({ what, tried }) =>
    line(
      inert(what),
      tried.map(({ became, refusal }) => cellOf(became, refusal?.pointer)),
    ),
  )
  const refusals = rows.flatMap(({ tried }) =>
    tried.flatMap(({ refusal }) =>
      refusal === undefined
        ? []
        : [
            `  ${inert(refusal.artifact.slice(0, 12))}#${inert(refusal.pointer)}  conversation ${inert(refusal.conversation)}  event ${inert(refusal.event)}`,
          ],
    ),
  )
  const verdict =
    differences.length === 0
      ? [paint.good('each did its own work and nothing of the other')]
      : [paint.bad('not as it must be:'), ...differences.map((one) => `  ${inert(one)}`)]
  return [...head, ...body, '', 'refused, as the log has it:', ...refusals, '', ...verdict, ''].join('\n')
}

function cellOf(became: string, pointer: string | undefined): string {
  if (became === 'done') return 'let through'
  return pointer === undefined ? inert(became) : `refused by ${inert(pointer)} (${inert(became)})`
}
