import { buildCommand, buildRouteMap } from '@stricli/core'
import { buildWritingCommand } from '../../writing-command.ts'
import type { CliContext } from '../../context.ts'
import { bare, dataFlag, outputFlags, type DataFlags, type OutputFlags, reasonFlag } from '../../flags.ts'
import { LIST_FORMATS, type ListFormat } from '../../render/formats.ts'
import { documentation, textArgument } from '../documentation.ts'

export const ITEM_KINDS = ['document', 'memory', 'tool-description', 'message'] as const

export type ShowFlags = DataFlags & OutputFlags<ListFormat>
export type DecideFlags = ShowFlags & {
  readonly kind: (typeof ITEM_KINDS)[number]
  readonly source: string
  readonly version?: string
  readonly digest?: string
  readonly incident?: string
  readonly reason: string
}

const aliases = bare({ o: 'output' } as const)
const listFlags = { ...dataFlag, ...outputFlags(LIST_FORMATS, 'items that contexts are kept from') }
const decideFlags = {
  ...listFlags,
  kind: { kind: 'enum', values: ITEM_KINDS, default: 'document', brief: 'What it is' },
  source: { kind: 'parsed', parse: String, brief: 'Corpus, store or server that holds it', placeholder: 'NAME' },
  version: { kind: 'parsed', parse: String, optional: true, brief: 'Only this version', placeholder: 'VERSION' },
  digest: { kind: 'parsed', parse: String, optional: true, brief: 'SHA-256 of its text, in hex', placeholder: 'HEX' },
  incident: { kind: 'parsed', parse: String, optional: true, brief: 'Because of this incident', placeholder: 'ID' },
  reason: reasonFlag,
} as const
const item = { kind: 'tuple', parameters: [textArgument('ITEM', 'Id of the item')] } as const

const quarantine = buildWritingCommand<DecideFlags, [string]>({
  loader: async () => (await import('./run.ts')).corpusQuarantine,
  parameters: { flags: bare(decideFlags), aliases, positional: item },
  docs: documentation(
    'Keep an item out of contexts; what the log holds of it is sealed first',
    [
      [
        'kb/pricing --source kb --version v9 --incident inc-4bf9 --reason "it carries an order"',
        'every other version stays',
      ],
      ['rec-17 --kind memory --source notes --reason "an outside user wrote it"', 'a memory record'],
    ],
    'Proxies withhold what is listed, and agents ask for the list. A store that neither stands before is not ours: take it out there as well.',
  ),
})

const release = buildWritingCommand<DecideFlags, [string]>({
  loader: async () => (await import('./run.ts')).corpusRelease,
  parameters: { flags: bare(decideFlags), aliases, positional: item },
  docs: documentation('Let an item into contexts again', [
    ['kb/pricing --source kb --version v9 --reason "v9 was mended"', 'named as it was quarantined'],
  ]),
})

const show = buildCommand<ShowFlags, [string?], CliContext>({
  loader: async () => (await import('./run.ts')).corpusShow,
  parameters: {
    flags: bare(listFlags),
    aliases,
    positional: { kind: 'tuple', parameters: [{ ...textArgument('ITEM', 'Id of the item'), optional: true }] },
  },
  docs: documentation('Which items contexts are kept from, since when and by whom', [
    ['', 'all of them'],
    ['kb/pricing', 'one of them'],
  ]),
})

export const corpusCommands = buildRouteMap({
  routes: bare({ show, quarantine, release }),
  aliases: bare({}),
  docs: { brief: 'Documents and memory records that contexts are kept from' },
})
