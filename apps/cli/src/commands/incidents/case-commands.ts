import { INCIDENT_TYPES, type IncidentType, PHASES, type Phase } from '@holdfast/model'
import { buildWritingCommand } from '../../writing-command.ts'
import { bare, dataFlag, outputFlags, type DataFlags, type OutputFlags, reasonFlag } from '../../flags.ts'
import { REPORT_FORMATS, type ReportFormat } from '../../render/formats.ts'
import { documentation, idArgument } from '../documentation.ts'

export const RESOLUTIONS = ['resolved', 'false-positive'] as const

export type CaseFlags = DataFlags & OutputFlags<ReportFormat>
export type ClassifyFlags = CaseFlags & { readonly type: IncidentType; readonly reason: string }
export type CloseFlags = CaseFlags & { readonly as: (typeof RESOLUTIONS)[number]; readonly reason: string }
export type StatedFact = { readonly fact: string; readonly value: boolean | number | string }
export type RunbookFlags = CaseFlags & {
  readonly open?: Phase
  readonly close?: Phase
  readonly done?: string
  readonly attach?: string
  readonly notExpected: boolean
  readonly state?: StatedFact
  readonly revert?: string
  readonly justify?: string
  readonly reason?: string
  readonly entries?: readonly number[]
}

const caseFlags = {
  ...dataFlag,
  ...outputFlags(REPORT_FORMATS, 'the case: type, phases with their conditions, actions'),
}
const incidentArgument = { kind: 'tuple', parameters: [idArgument('incident', 'ID', 'Incident')] } as const
const phase = <const B extends string>(brief: B) =>
  ({ kind: 'enum', values: PHASES, optional: true, brief, placeholder: 'PHASE' }) as const
const name = <const B extends string>(brief: B, placeholder: string) =>
  ({ kind: 'parsed', parse: String, optional: true, brief, placeholder }) as const

export const open = buildWritingCommand<CaseFlags, [string]>({
  loader: async () => (await import('./case.ts')).incidentsOpen,
  parameters: { flags: bare(caseFlags), aliases: bare({ o: 'output' }), positional: incidentArgument },
  docs: documentation('Open the case of an incident: its evidence is sealed, and its clocks run', [
    ['inc-4bf92f3577b34da6', 'everything in the log until now is fixed by a signed checkpoint'],
  ]),
})

export const classify = buildWritingCommand<ClassifyFlags, [string]>({
  loader: async () => (await import('./case.ts')).incidentsClassify,
  parameters: {
    flags: bare({
      ...caseFlags,
      type: { kind: 'enum', values: INCIDENT_TYPES, brief: 'The type that holds from now on', placeholder: 'TYPE' },
      reason: reasonFlag,
    }),
    aliases: bare({ o: 'output' }),
    positional: incidentArgument,
  },
  docs: documentation('Accept the type of an incident, or another one: it chooses the runbook', [
    ['inc-4bf9 --type reasoning-compromise --reason "the ticket carried the order"', 'opens the runbook of that type'],
  ]),
})

export const runbook = buildWritingCommand<RunbookFlags, [string]>({
  loader: async () => (await import('./case.ts')).incidentsRunbook,
  parameters: {
    flags: bare({
      ...caseFlags,
      open: phase('Open this phase'),
      close: phase('Close this phase'),
      done: name('This task is done', 'TASK'),
      attach: name('The entries are this piece of evidence', 'EVIDENCE'),
      notExpected: {
        kind: 'boolean',
        default: false,
        withNegated: false,
        brief: 'With --attach and --reason: there is none, because nothing of its artifact was to be expected',
      },
      state: {
        kind: 'parsed',
        parse: parseFact,
        optional: true,
        brief: 'What a person can say of a condition',
        placeholder: 'FACT=VALUE',
      },
      revert: name('This action of an earlier type was taken back', 'ACTION'),
      justify: name('This action of an earlier type stands', 'ACTION'),
      reason: { ...reasonFlag, optional: true },
      entries: {
        kind: 'parsed',
        parse: parseEntries,
        optional: true,
        brief: 'Log positions that show it',
        placeholder: 'N,N',
      },
    }),
    aliases: bare({ o: 'output' }),
    positional: incidentArgument,
  },
  docs: documentation(
    'Work a case by its runbook: six phases, each with what must hold before it opens and closes',
    [
      ['inc-4bf9', 'where it stands, and what is missing'],
      ['inc-4bf9 --open detect', 'begins a phase'],
      ['inc-4bf9 --done read-chain --entries 311,318', 'a task is done, shown by these entries'],
      ['inc-4bf9 --attach prompt --entries 311', 'evidence for the exit of the phase'],
      [
        'inc-4bf9 --attach downstream --not-expected --reason "it handed nothing over"',
        'where the evidence status agrees',
      ],
      ['inc-4bf9 --close detect', 'refused with the reason while a condition does not hold'],
    ],
    'One step at a time. What the program can see, no person can state.',
  ),
})

export const close = buildWritingCommand<CloseFlags, [string]>({
  loader: async () => (await import('./case.ts')).incidentsClose,
  parameters: {
    flags: bare({
      ...caseFlags,
      as: { kind: 'enum', values: RESOLUTIONS, brief: 'How it ends', placeholder: 'HOW' },
      reason: reasonFlag,
    }),
    aliases: bare({ o: 'output' }),
    positional: incidentArgument,
  },
  docs: documentation('Close a case; refused while a phase or a team still has work', [
    ['inc-4bf9 --as false-positive --reason "the owner asked for it"', 'nothing was wrong'],
  ]),
})

function parseFact(text: string): StatedFact {
  const at = text.indexOf('=')
  if (at < 1) throw new SyntaxError('a fact reads NAME=VALUE, such as type-confirmed=true')
  const value = text.slice(at + 1)
  const typed = value === 'true' ? true : value === 'false' ? false : /^\d{1,9}$/.test(value) ? Number(value) : value
  return { fact: text.slice(0, at), value: typed }
}

/** `311,318`: log positions. */
export function parseEntries(text: string): readonly number[] {
  const entries = text.split(',').map((part) => part.trim().replace(/^#/, ''))
  if (!entries.every((part) => /^\d{1,15}$/.test(part))) throw new SyntaxError('log positions read 311,318')
  return entries.map(Number)
}
