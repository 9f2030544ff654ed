import { buildCommand, buildRouteMap } from '@stricli/core'
import { buildWritingCommand } from '../../writing-command.ts'
import type { CliContext } from '../../context.ts'
import { bare, dataFlag, type DataFlags, outputFlags, type OutputFlags, reasonFlag } from '../../flags.ts'
import { LIST_FORMATS, type ListFormat } from '../../render/formats.ts'
import { documentation, idArgument, textArgument } from '../documentation.ts'

export type DutyFlags = DataFlags & OutputFlags<ListFormat>
export type DecideDutyFlags = DutyFlags & { readonly reason: string }
export type ClockFlags = DutyFlags & {
  readonly moment?: string
  readonly notified?: string
  readonly at?: string
  readonly reason?: string
}

const flags = { ...dataFlag, ...outputFlags(LIST_FORMATS, 'regimes or clocks, with everything about them') }
const aliases = bare({ o: 'output' as const })
const regime = { kind: 'tuple', parameters: [textArgument('REGIME', 'Id of the regime')] } as const
const text = <const B extends string>(brief: B, placeholder: string) =>
  ({ kind: 'parsed', parse: String, optional: true, brief, placeholder }) as const

const list = buildCommand<DutyFlags, [], CliContext>({
  loader: async () => (await import('./run.ts')).dutiesList,
  parameters: { flags: bare(flags), aliases },
  docs: documentation('Regimes of duties to notify: whom they concern, and which somebody turned on', [
    ['', 'none is on by itself'],
  ]),
})

const enable = buildWritingCommand<DecideDutyFlags, [string]>({
  loader: async () => (await import('./run.ts')).dutiesEnable,
  parameters: { flags: bare({ ...flags, reason: reasonFlag }), aliases, positional: regime },
  docs: documentation('Turns a regime on: its clocks run, and plans say which holds are to be reported', [
    ['gdpr-33 --reason "we process data of people in the EU; counsel has read the row"', 'recorded with your name'],
  ]),
})

const disable = buildWritingCommand<DecideDutyFlags, [string]>({
  loader: async () => (await import('./run.ts')).dutiesDisable,
  parameters: { flags: bare({ ...flags, reason: reasonFlag }), aliases, positional: regime },
  docs: documentation('Turns a regime off again', [
    ['gdpr-33 --reason "no longer in scope"', 'recorded with your name'],
  ]),
})

const clocks = buildWritingCommand<ClockFlags, [string]>({
  loader: async () => (await import('./run.ts')).dutiesClocks,
  parameters: {
    flags: bare({
      ...flags,
      moment: text('State a moment from which clocks count, such as awareness', 'MOMENT'),
      notified: text('State that this notification went out', 'REGIME/STAGE'),
      at: text('When it was, RFC 3339 (default: now)', 'TIME'),
      reason: text('Why; it is recorded', 'TEXT'),
    }),
    aliases,
    positional: { kind: 'tuple', parameters: [idArgument('incident', 'ID', 'Incident')] },
  },
  docs: documentation(
    'The clocks of an incident, the soonest first; states what they count from',
    [
      ['inc-4bf9', 'what is due, to whom, by when'],
      ['inc-4bf9 --moment awareness --at 2026-11-21T02:10:00Z --reason "paged, and understood"', 'starts clocks'],
      ['inc-4bf9 --notified gdpr-33/authority --reason "sent by the data protection officer"', 'stops one'],
    ],
    'A hold that lasts as long as a regime says starts its clock by itself. This is not legal advice.',
  ),
})

export const dutiesCommands = buildRouteMap({
  routes: bare({ list, enable, disable, clocks }),
  aliases: bare({}),
  docs: { brief: 'Duties to notify: regimes on and off, and the clocks of an incident' },
})
