import { buildCommand, buildRouteMap } from '@stricli/core'
import { buildWritingCommand } from '../../writing-command.ts'
import type { CliContext } from '../../context.ts'
import { bare, dataFlag, outputFlags, type DataFlags, type OutputFlags, keyFlag } from '../../flags.ts'
import {
  LIST_FORMATS,
  type ListFormat,
  REPORT_FORMATS,
  type ReportFormat,
  VERDICT_FORMATS,
  type VerdictFormat,
} from '../../render/formats.ts'
import { documentation } from '../documentation.ts'

export type LogVerifyFlags = DataFlags &
  OutputFlags<VerdictFormat> & { readonly key?: string; readonly checkpoint?: string }

export type CoolFlags = DataFlags &
  OutputFlags<ReportFormat> & {
    readonly before?: string
    readonly olderThan?: string
    readonly to?: string
    readonly reason?: string
  }

export type RestoreFlags = DataFlags & OutputFlags<ReportFormat> & { readonly from?: string; readonly reason?: string }

export type ColdListFlags = DataFlags & OutputFlags<ListFormat>

export type LogFlags = DataFlags & OutputFlags<ReportFormat>

const verifyCommand = buildCommand<LogVerifyFlags, [], CliContext>({
  loader: async () => (await import('./verify.ts')).logVerify,
  parameters: {
    flags: bare({
      ...outputFlags(VERDICT_FORMATS, 'size, root, last checkpoint, gaps, problems'),
      data: {
        kind: 'parsed',
        parse: String,
        optional: true,
        brief: 'Data folder: read directly where its server is stopped, asked where it runs',
        placeholder: 'DIR',
      },
      key: keyFlag,
      checkpoint: {
        kind: 'parsed',
        parse: String,
        optional: true,
        brief: 'A checkpoint kept elsewhere: the log must begin with exactly the entries that it signed; - for stdin',
        placeholder: 'FILE',
      },
    }),
    aliases: bare({ o: 'output' }),
  },
  docs: documentation(
    'Prove that nobody changed the log: exit 0 where it is whole, 1 naming what is wrong',
    [
      ['', 'every leaf of a running server hashed again, its root, signatures and checkpoints compared'],
      ['--checkpoint checkpoint.txt', 'and was neither rolled back nor rewritten since that was kept'],
      ['--data .holdfast', 'the folder of a stopped server: its bodies, tiles and seal as well'],
    ],
    'The code that verifies shares nothing with the code that writes.',
  ),
})

const checkpointCommand = buildWritingCommand<LogFlags, []>({
  loader: async () => (await import('./checkpoint.ts')).logCheckpoint,
  parameters: {
    flags: bare({ ...dataFlag, ...outputFlags(REPORT_FORMATS, 'size, rootHash, note') }),
    aliases: bare({ o: 'output' }),
  },
  docs: documentation('Sign a checkpoint of the log now and print it', [
    ['', 'a signed note (c2sp.org/tlog-checkpoint) to keep somewhere else'],
    ['> checkpoint.txt', 'later: holdfast log verify --checkpoint checkpoint.txt'],
  ]),
})

const reasonFlag = {
  kind: 'parsed',
  parse: String,
  optional: true,
  brief: 'Why: it is recorded',
  placeholder: 'TEXT',
} as const

const coolCommand = buildWritingCommand<CoolFlags, []>({
  loader: async () => (await import('./cold.ts')).logCool,
  parameters: {
    flags: bare({
      ...dataFlag,
      ...outputFlags(REPORT_FORMATS, 'files, entries, bytes'),
      before: { kind: 'parsed', parse: String, optional: true, brief: 'What was recorded before', placeholder: 'TIME' },
      olderThan: { kind: 'parsed', parse: String, optional: true, brief: 'What is older', placeholder: '90d' },
      to: {
        kind: 'parsed',
        parse: String,
        optional: true,
        brief: 'Folder of the machine that the server runs on (default: cold in its data folder)',
        placeholder: 'DIR',
      },
      reason: reasonFlag,
    }),
    aliases: bare({ o: 'output' }),
  },
  docs: documentation(
    'Move the content of old records to cold storage',
    [
      ['--older-than 90d', 'into the folder cold of the data folder'],
      ['--before 2026-08-01T00:00:00Z --to /mnt/archive', 'somewhere else'],
    ],
    'Proofs, checkpoints and index stay; reads go on while the files are there. What sealed incidents rest on is not moved.',
  ),
})

const restoreCommand = buildWritingCommand<RestoreFlags, []>({
  loader: async () => (await import('./cold.ts')).logRestore,
  parameters: {
    flags: bare({
      ...dataFlag,
      ...outputFlags(REPORT_FORMATS, 'files, entries, and files that are absent'),
      from: { kind: 'parsed', parse: String, optional: true, brief: 'Where the files lie now', placeholder: 'DIR' },
      reason: reasonFlag,
    }),
    aliases: bare({ o: 'output' }),
  },
  docs: documentation('Bring back what lies in cold storage: exit 3 where a file is not there', [
    ['', 'from where it was put'],
    ['--from /mnt/tape', 'from somewhere else'],
  ]),
})

const coldCommand = buildCommand<ColdListFlags, [], CliContext>({
  loader: async () => (await import('./cold.ts')).logCold,
  parameters: {
    flags: bare({ ...dataFlag, ...outputFlags(LIST_FORMATS, 'files with their digests') }),
    aliases: bare({ o: 'output' }),
  },
  docs: documentation('What of the log lies in cold storage, and whether its files are there', [
    ['', 'one line a file'],
  ]),
})

export const logCommands = buildRouteMap<'verify' | 'checkpoint' | 'cool' | 'cold' | 'restore', CliContext>({
  routes: bare({
    verify: verifyCommand,
    checkpoint: checkpointCommand,
    cool: coolCommand,
    cold: coldCommand,
    restore: restoreCommand,
  }),
  aliases: bare({}),
  docs: { brief: 'The tamper-evident log: verify, checkpoint, cool, cold, restore' },
})
