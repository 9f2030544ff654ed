import { buildCommand, buildRouteMap } from '@stricli/core'
import { LIFECYCLE_PHASES, SCORES, type LifecyclePhase, type Score } from '@holdfast/model'
import { buildWritingCommand } from '../../writing-command.ts'
import type { CliContext } from '../../context.ts'
import { bare, dataFlag, outputFlags, type DataFlags, type OutputFlags, reasonFlag } from '../../flags.ts'
import { LIST_FORMATS, type ListFormat } from '../../render/formats.ts'
import { documentation, textArgument } from '../documentation.ts'

export type CardFlags = DataFlags & OutputFlags<ListFormat>
export type DecideFlags = CardFlags & { readonly reason: string }
export type AddFlags = DecideFlags & { readonly id?: string }

const flags = { ...dataFlag, ...outputFlags(LIST_FORMATS, 'rows with their reasons, and the history') }
const aliases = bare({ o: 'output' as const })
const row = textArgument('ROW', 'Id of the row, as the scorecard shows it')

const show = buildCommand<CardFlags, [], CliContext>({
  loader: async () => (await import('./run.ts')).scorecardShow,
  parameters: { flags: bare(flags), aliases },
  docs: documentation(
    'How far each category of tools serves the four phases',
    [
      ['', 'as it ships, and as somebody changed it'],
      ['-o wide', 'with the reason of each score'],
    ],
    'It scores a tool by phase, never a vendor: no product fits one category. Add a row for each tool of your own stack.',
  ),
})

const set = buildWritingCommand<DecideFlags, [string, LifecyclePhase, Score]>({
  loader: async () => (await import('./run.ts')).scorecardSet,
  parameters: {
    flags: bare({ ...flags, reason: reasonFlag }),
    aliases,
    positional: {
      kind: 'tuple',
      parameters: [
        row,
        { parse: parsePhase, brief: `One of ${LIFECYCLE_PHASES.join(', ')}`, placeholder: 'PHASE' },
        { parse: parseScore, brief: `One of ${SCORES.join(', ')}`, placeholder: 'SCORE' },
      ],
    },
  },
  docs: documentation('Scores one phase of a row', [
    ['cnapp observe None --reason "ours has no agent on the hosts"', 'recorded with your name'],
  ]),
})

const add = buildWritingCommand<AddFlags, [string]>({
  loader: async () => (await import('./run.ts')).scorecardAdd,
  parameters: {
    flags: bare({
      ...flags,
      reason: reasonFlag,
      id: {
        kind: 'parsed',
        parse: String,
        optional: true,
        brief: 'Id of the row; of its name unless told',
        placeholder: 'ID',
      },
    }),
    aliases,
    positional: { kind: 'tuple', parameters: [textArgument('NAME', 'A tool or a category of your own stack')] },
  },
  docs: documentation('Adds a row, with None in every phase', [
    ['"egress gateway" --reason "in front of production since May"', 'score it with scorecard set'],
  ]),
})

const remove = buildWritingCommand<DecideFlags, [string]>({
  loader: async () => (await import('./run.ts')).scorecardRemove,
  parameters: {
    flags: bare({ ...flags, reason: reasonFlag }),
    aliases,
    positional: { kind: 'tuple', parameters: [row] },
  },
  docs: documentation('Takes a row away; its history stays', [['cspm --reason "we have none"', '']]),
})

const history = buildCommand<CardFlags, [], CliContext>({
  loader: async () => (await import('./run.ts')).scorecardHistory,
  parameters: { flags: bare(flags), aliases },
  docs: documentation('Every change with its reason, the newest first', [['', 'who, when, why, and the log entry']]),
})

export const scorecardCommands = buildRouteMap({
  routes: bare({ show, set, add, remove, history }),
  defaultCommand: 'show',
  aliases: bare({}),
  docs: { brief: 'Tool categories by the four phases, for your own stack' },
})

function parsePhase(text: string): LifecyclePhase {
  const found = LIFECYCLE_PHASES.find((phase) => phase === text)
  if (found === undefined) throw new SyntaxError(`a phase is one of ${LIFECYCLE_PHASES.join(', ')}`)
  return found
}

function parseScore(text: string): Score {
  const found = SCORES.find((score) => score.toLowerCase() === text.toLowerCase())
  if (found === undefined) throw new SyntaxError(`a score is one of ${SCORES.join(', ')}`)
  return found
}
