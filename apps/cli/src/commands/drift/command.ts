import { buildCommand, buildRouteMap } from '@stricli/core'
import { buildWritingCommand } from '../../writing-command.ts'
import type { CliContext } from '../../context.ts'
import { bare, dataFlag, outputFlags, parseCount, type DataFlags, type OutputFlags } from '../../flags.ts'
import { LIST_FORMATS, type ListFormat } from '../../render/formats.ts'
import { documentation, idArgument, textArgument } from '../documentation.ts'

const agent = idArgument('agent', 'AGENT', 'Agent id or name, or the start of one')

export type DriftShowFlags = DataFlags & OutputFlags<ListFormat> & { readonly days?: number; readonly at?: string }
export type DriftListFlags = DataFlags & OutputFlags<ListFormat>
export type DriftVerdictFlags = DataFlags & OutputFlags<ListFormat> & { readonly reason: string }
export type DriftWatchFlags = DataFlags &
  OutputFlags<(typeof STREAM_FORMATS)[number]> & {
    readonly after?: number
    readonly once?: boolean
    readonly limit?: number
  }

/** A stream has no end at which the widths of a table, or the brackets of a document, would be known. */
const STREAM_FORMATS = ['table', 'json', 'ndjson'] as const

const VERDICTS = ['evolution', 'risky', 'withdrawn'] as const
export type GivenVerdict = (typeof VERDICTS)[number]

const show = buildCommand<DriftShowFlags, [string], CliContext>({
  loader: async () => (await import('./run.ts')).driftShow,
  parameters: {
    flags: bare({
      ...dataFlag,
      ...outputFlags(LIST_FORMATS, '`evolution` and `risky`, each change with its three signals and linked event'),
      days: {
        kind: 'parsed',
        parse: parseDays,
        optional: true,
        brief: 'Days that it tells of: 30 unless told, 90 at most',
        placeholder: 'N',
      },
      at: {
        kind: 'parsed',
        parse: String,
        optional: true,
        brief: 'As claimed by T: RFC 3339, or 10m, 2h, 3d ago',
        placeholder: 'T',
      },
    }),
    aliases: bare({ o: 'output' }),
    positional: { kind: 'tuple', parameters: [agent] },
  },
  docs: documentation('What changed of how an agent behaves: evolution and risky drift', [
    ['support-desk', 'thirty days in two lanes, the most urgent first'],
    ['support-desk --days 7 --json', 'for scripts'],
  ]),
})

const list = buildCommand<DriftListFlags, [], CliContext>({
  loader: async () => (await import('./run.ts')).driftList,
  parameters: {
    flags: bare({ ...dataFlag, ...outputFlags(LIST_FORMATS, 'agents with what drifted of them') }),
    aliases: bare({ o: 'output' }),
  },
  docs: documentation('Agents with what drifted of them in thirty days', [['', 'the most urgent first']]),
})

const verdict = buildWritingCommand<DriftVerdictFlags, [string, string, GivenVerdict]>({
  loader: async () => (await import('./run.ts')).driftVerdict,
  parameters: {
    flags: bare({
      ...dataFlag,
      ...outputFlags(LIST_FORMATS, 'the log entry'),
      reason: { kind: 'parsed', parse: String, brief: 'Why; it stands in the log', placeholder: 'TEXT' },
    }),
    aliases: bare({ o: 'output' }),
    positional: {
      kind: 'tuple',
      parameters: [
        agent,
        textArgument('CHANGE', 'Id of the change, as `drift` shows it'),
        { parse: parseVerdict, brief: `One of ${VERDICTS.join(', ')}`, placeholder: 'VERDICT' },
      ],
    },
  },
  docs: documentation('A person’s verdict on a change: it is kept, and decides what enters the profile', [
    ['support-desk 3f0c…  evolution --reason "new customer, CHG-12"', 'from its first time on it is usual'],
  ]),
})

const watch = buildCommand<DriftWatchFlags, [], CliContext>({
  loader: async () => (await import('./watch.ts')).driftWatch,
  parameters: {
    flags: bare({
      ...dataFlag,
      ...outputFlags(STREAM_FORMATS, 'one signal a line'),
      after: {
        kind: 'parsed',
        parse: parseCount,
        optional: true,
        brief: 'Begin after this log entry',
        placeholder: 'N',
      },
      once: { kind: 'boolean', optional: true, withNegated: false, brief: 'Print what there is, and end' },
      limit: { kind: 'parsed', parse: parseCount, optional: true, brief: 'End after so many', placeholder: 'N' },
    }),
    aliases: bare({ o: 'output' }),
  },
  docs: documentation('The stream of drift signals, as a security centre reads it', [
    ['', 'as they come'],
    ['--once -o ndjson', 'all there are, one a line'],
  ]),
})

export const driftCommands = buildRouteMap({
  routes: bare({ show, list, verdict, watch }),
  defaultCommand: 'show',
  aliases: bare({}),
  docs: { brief: 'What changed of how agents behave: evolution and risky drift' },
})

function parseDays(text: string): number {
  if (!/^[1-9][0-9]?$/.test(text) || Number(text) > 90) throw new SyntaxError('days are a number from 1 to 90')
  return Number(text)
}

function parseVerdict(text: string): GivenVerdict {
  const found = VERDICTS.find((known) => known === text)
  if (found === undefined) throw new SyntaxError(`a verdict is one of ${VERDICTS.join(', ')}`)
  return found
}
