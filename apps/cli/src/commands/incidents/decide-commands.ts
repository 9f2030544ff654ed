import { buildCommand } from '@stricli/core'
import type { CliContext } from '../../context.ts'
import { bare, dataFlag, type DataFlags } from '../../flags.ts'
import { documentation, idArgument } from '../documentation.ts'

export type IncidentsDecideFlags = DataFlags & { readonly reason: string; readonly withdraw: boolean }

const text = (brief: string) => ({ kind: 'parsed', parse: String, brief, placeholder: 'TEXT' }) as const

const parameters = {
  flags: bare({
    ...dataFlag,
    reason: text('Why; it is recorded'),
    withdraw: { kind: 'boolean' as const, default: false, withNegated: false, brief: 'Take the word before back' },
  }),
  positional: { kind: 'tuple', parameters: [idArgument('incident', 'ID', 'Incident')] },
} as const

export const confirmCommand = buildCommand<IncidentsDecideFlags, [string], CliContext>({
  loader: async () => (await import('./decide.ts')).incidentsConfirm,
  parameters,
  docs: documentation('Say that an incident is one; `holdfast detector train` learns from it', [
    ['inc-4bf92f3577b34da6 --reason "the mail was forged"', 'recorded with your name'],
  ]),
})

export const dismissCommand = buildCommand<IncidentsDecideFlags, [string], CliContext>({
  loader: async () => (await import('./decide.ts')).incidentsDismiss,
  parameters,
  docs: documentation('Say that an incident is none; it stays listed, and hides no other', [
    ['inc-4bf92f3577b34da6 --reason "the owner asked for it by telephone"', 'recorded with your name'],
  ]),
})
