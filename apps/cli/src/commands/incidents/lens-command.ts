import { buildCommand } from '@stricli/core'
import type { CliContext } from '../../context.ts'
import { bare, dataFlag, type DataFlags, outputFlags, type OutputFlags } from '../../flags.ts'
import { LIST_FORMATS, type ListFormat } from '../../render/formats.ts'
import { documentation, idArgument } from '../documentation.ts'

export const LENSES = ['access', 'stacks', 'trajectory'] as const

export type LensFlags = DataFlags & OutputFlags<ListFormat> & { readonly lens: (typeof LENSES)[number] }

export const lensCommand = buildCommand<LensFlags, [string], CliContext>({
  loader: async () => (await import('./lens.ts')).incidentsLens,
  parameters: {
    flags: bare({
      ...dataFlag,
      ...outputFlags(LIST_FORMATS, 'all three lenses, with the totals of each'),
      lens: { kind: 'enum', values: LENSES, brief: 'Which one is printed', default: 'access', placeholder: 'LENS' },
    }),
    aliases: bare({ o: 'output' }),
    positional: { kind: 'tuple', parameters: [idArgument('incident', 'ID', 'Incident')] },
  },
  docs: documentation(
    'What an incident did to data, as three kinds of regulators ask: who read which record, how each payment came about, where data went',
    [
      ['inc-4bf92f3577b34da6', 'one line for each record that was read, with agent, tool, time and purpose'],
      ['inc-4bf9 --lens stacks', 'the way from the prompt to each act, with what it began with'],
      ['inc-4bf9 --lens trajectory', 'regions, processors and personal data, step by step'],
      ['inc-4bf9 --json', 'all three; refused where they do not count the same'],
    ],
    'Who reads them is on record first.',
  ),
})
