import { PROFILE_DIMENSIONS, type ProfileDimension } from '@holdfast/model'
import { buildCommand, buildRouteMap } from '@stricli/core'
import { buildWritingCommand } from '../../writing-command.ts'
import type { CliContext } from '../../context.ts'
import { bare, dataFlag, outputFlags, parseCount, type DataFlags, type OutputFlags } from '../../flags.ts'
import { LIST_FORMATS, type ListFormat } from '../../render/formats.ts'
import { documentation, idArgument, textArgument } from '../documentation.ts'
import { FIELDS, parsePositions, STATES } from './parse.ts'

const agent = idArgument('agent', 'AGENT', 'Agent id or name, or the start of one')
const time = (brief: string) => ({ kind: 'parsed', parse: String, optional: true, brief, placeholder: 'T' }) as const
const reason = { kind: 'parsed', parse: String, brief: 'Why; it stands in the log', placeholder: 'TEXT' } as const

export type ListFlags = DataFlags & OutputFlags<ListFormat>
export type ShowFlags = DataFlags & OutputFlags<ListFormat> & { readonly at?: string }
export type EntriesFlags = ShowFlags & {
  readonly dimension?: ProfileDimension
  readonly state?: (typeof STATES)[number]
  readonly limit?: number
}
export type MarkFlags = DataFlags &
  OutputFlags<ListFormat> & {
    readonly from?: string
    readonly to?: string
    readonly positions?: readonly (readonly [number, number])[]
    readonly reason: string
  }
export type ReasonFlags = DataFlags & OutputFlags<ListFormat> & { readonly reason: string }
export type RebuildFlags = ReasonFlags & { readonly from?: string; readonly fromStaging?: string }
export type RestoreFlags = ReasonFlags & { readonly at: string }
export type PromoteFlags = ReasonFlags & { readonly from: string }

const show = buildCommand<ShowFlags, [string], CliContext>({
  loader: async () => (await import('./run.ts')).baselineShow,
  parameters: {
    flags: bare({
      ...dataFlag,
      ...outputFlags(LIST_FORMATS, 'verdict, limits, and the daily series of each dimension'),
      at: time('As claimed by T: RFC 3339, or 10m, 2h, 3d ago'),
    }),
    aliases: bare({ o: 'output' }),
    positional: { kind: 'tuple', parameters: [agent] },
  },
  docs: documentation('Whether an agent’s behaviour has settled, by dimension and day', [
    ['support-desk', 'the verdict, and how each dimension stands'],
    ['support-desk -o csv', 'the daily series: the numbers of the chart'],
    ['support-desk --at 2026-10-01T00:00:00Z --json', 'as of an instant, for scripts'],
  ]),
})

const entries = buildCommand<EntriesFlags, [string], CliContext>({
  loader: async () => (await import('./run.ts')).baselineEntries,
  parameters: {
    flags: bare({
      ...dataFlag,
      ...outputFlags(LIST_FORMATS, 'entries with their age'),
      at: time('As claimed by T'),
      dimension: { kind: 'enum', values: PROFILE_DIMENSIONS, optional: true, brief: 'Only of this dimension' },
      state: { kind: 'enum', values: STATES, optional: true, brief: 'Only those; new: since it converged' },
      limit: { kind: 'parsed', parse: parseCount, optional: true, brief: 'Rows at most', placeholder: 'N' },
    }),
    aliases: bare({ o: 'output' }),
    positional: { kind: 'tuple', parameters: [agent] },
  },
  docs: documentation('What an agent normally does, entry by entry', [
    ['support-desk', 'the most seen first'],
    ['support-desk --dimension destination --state new', 'where it goes since it converged'],
  ]),
})

const proofs = buildCommand<ListFlags, [string, ProfileDimension, string], CliContext>({
  loader: async () => (await import('./run.ts')).baselineProofs,
  parameters: {
    flags: bare({ ...dataFlag, ...outputFlags(LIST_FORMATS, 'log positions and event ids') }),
    aliases: bare({ o: 'output' }),
    positional: {
      kind: 'tuple',
      parameters: [
        agent,
        { parse: parseDimension, brief: 'Dimension of the entry', placeholder: 'DIMENSION' },
        textArgument('ENTRY', 'The entry, as `baseline entries` shows it'),
      ],
    },
  },
  docs: documentation('The recorded events that prove one entry', [
    ['support-desk tool refund', 'log positions and events, the earliest first'],
  ]),
})

const mark = buildWritingCommand<MarkFlags, [string]>({
  loader: async () => (await import('./run.ts')).baselineMark,
  parameters: {
    flags: bare({
      ...dataFlag,
      ...outputFlags(LIST_FORMATS, 'the id of the mark'),
      from: time('From this claimed time on'),
      to: time('Up to this claimed time'),
      positions: {
        kind: 'parsed',
        parse: parsePositions,
        optional: true,
        brief: 'Log positions: 100-120,200',
        placeholder: 'LIST',
      },
      reason,
    }),
    aliases: bare({ o: 'output' }),
    positional: { kind: 'tuple', parameters: [agent] },
  },
  docs: documentation('Takes what an incident tainted out of a profile; nothing is deleted', [
    ['support-desk --from 2026-10-01T10:00:00Z --to 2026-10-01T12:00:00Z --reason "INC-7"', 'two hours'],
    ['support-desk --positions 100-120,200 --reason "INC-7"', 'by log position'],
  ]),
})

const lift = buildWritingCommand<ReasonFlags, [string, string]>({
  loader: async () => (await import('./run.ts')).baselineLift,
  parameters: {
    flags: bare({ ...dataFlag, ...outputFlags(LIST_FORMATS, 'the id of the mark'), reason }),
    aliases: bare({ o: 'output' }),
    positional: { kind: 'tuple', parameters: [agent, textArgument('MARK', 'Id of the mark')] },
  },
  docs: documentation('Takes a mark back', [
    ['support-desk 3f0c… --reason "false alarm"', 'its observations count again'],
  ]),
})

const rebuild = buildWritingCommand<RebuildFlags, [string]>({
  loader: async () => (await import('./run.ts')).baselineRebuild,
  parameters: {
    flags: bare({
      ...dataFlag,
      ...outputFlags(LIST_FORMATS, 'the id of the mark'),
      from: time('Begin with this claimed time; now unless told'),
      fromStaging: {
        kind: 'parsed',
        parse: String,
        optional: true,
        brief: 'Come back on the profile of this agent in staging, in monitoring',
        placeholder: 'AGENT',
      },
      reason,
    }),
    aliases: bare({ o: 'output' }),
    positional: { kind: 'tuple', parameters: [agent] },
  },
  docs: documentation('Starts a profile over; what was recorded stays, and the mark can be lifted', [
    ['support-desk --from 2026-10-01T00:00:00Z --reason "clean image"', 'from there on'],
    ['desk --from-staging desk-staging --reason "INC-7"', 'refused while the parity gate does not pass'],
  ]),
})

const restore = buildWritingCommand<RestoreFlags, [string]>({
  loader: async () => (await import('./run.ts')).baselineRestore,
  parameters: {
    flags: bare({
      ...dataFlag,
      ...outputFlags(LIST_FORMATS, 'the version that holds now'),
      at: { kind: 'parsed', parse: String, brief: 'As it was at this claimed time: its version', placeholder: 'T' },
      reason,
    }),
    aliases: bare({ o: 'output' }),
    positional: { kind: 'tuple', parameters: [agent] },
  },
  docs: documentation('Brings a profile back as it was; one that saw an incident is refused', [
    ['desk --at 2026-10-01T00:00:00Z --reason "INC-7"', 'what it observed later counts no longer'],
  ]),
})

const promote = buildWritingCommand<PromoteFlags, [string]>({
  loader: async () => (await import('./run.ts')).baselinePromote,
  parameters: {
    flags: bare({
      ...dataFlag,
      ...outputFlags(LIST_FORMATS, 'what was compared'),
      from: { kind: 'parsed', parse: String, brief: 'The agent in staging', placeholder: 'AGENT' },
      reason,
    }),
    aliases: bare({ o: 'output' }),
    positional: { kind: 'tuple', parameters: [agent] },
  },
  docs: documentation('Lets a profile built in staging stand for production', [
    ['desk --from desk-staging --reason "release 12"', 'refused while staging missed a declared tool or destination'],
  ]),
})

const state = buildWritingCommand<ReasonFlags, [(typeof FIELDS)[number], string, string]>({
  loader: async () => (await import('./run.ts')).baselineState,
  parameters: {
    flags: bare({ ...dataFlag, ...outputFlags(LIST_FORMATS, 'the log entry'), reason }),
    aliases: bare({ o: 'output' }),
    positional: {
      kind: 'tuple',
      parameters: [
        { parse: parseField, brief: `One of ${FIELDS.join(', ')}`, placeholder: 'FIELD' },
        textArgument('VALUE', 'Its value'),
        agent,
      ],
    },
  },
  docs: documentation('States what behaviour does not show', [
    ['class code-execution notebook --reason "runs code"', 'the limits of its class'],
    ['data-classes health:write,internal triage --reason "DPIA 4"', 'decides its track'],
  ]),
})

const observing = buildCommand<ListFlags, [], CliContext>({
  loader: async () => (await import('./run.ts')).baselineObserving,
  parameters: {
    flags: bare({ ...dataFlag, ...outputFlags(LIST_FORMATS, 'agents with track, data classes and exposure') }),
    aliases: bare({ o: 'output' }),
  },
  docs: documentation('Who is under observation now, and for how long', [['', 'the longest first']]),
})

export const baselineCommands = buildRouteMap({
  routes: bare({ show, entries, proofs, mark, lift, restore, rebuild, promote, state, observing }),
  aliases: bare({}),
  docs: { brief: 'What agents normally do: convergence, entries, marks, tracks' },
})

function parseDimension(text: string): ProfileDimension {
  const found = PROFILE_DIMENSIONS.find((known) => known === text)
  if (found === undefined) throw new SyntaxError(`a dimension is one of ${PROFILE_DIMENSIONS.join(', ')}`)
  return found
}

function parseField(text: string): (typeof FIELDS)[number] {
  const found = FIELDS.find((known) => known === text)
  if (found === undefined) throw new SyntaxError(`a field is one of ${FIELDS.join(', ')}`)
  return found
}
