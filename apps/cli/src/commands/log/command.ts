import { buildCommand, buildRouteMap } from '@stricli/core'
import type { CliContext } from '../../context.ts'
import { bare, dataFlag, outputFlags, type DataFlags, type OutputFlags } from '../../flags.ts'
import { REPORT_FORMATS, type ReportFormat } from '../../render/formats.ts'
import { documentation } from '../documentation.ts'

export type LogVerifyFlags = DataFlags &
  OutputFlags<ReportFormat> & { readonly key?: string; readonly checkpoint?: string }

export type LogFlags = DataFlags & OutputFlags<ReportFormat>

const verifyCommand = buildCommand<LogVerifyFlags, [], CliContext>({
  loader: async () => (await import('./verify.ts')).logVerify,
  parameters: {
    flags: bare({
      ...outputFlags(REPORT_FORMATS, 'size, root, last checkpoint, gaps, problems'),
      data: {
        kind: 'parsed',
        parse: String,
        optional: true,
        brief: 'Data folder: read directly where its server is stopped, asked where it runs',
        placeholder: 'DIR',
      },
      key: {
        kind: 'parsed',
        parse: String,
        optional: true,
        brief: 'Public key of the log, or a file with it, that you have from elsewhere',
        placeholder: 'VKEY',
      },
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

const checkpointCommand = buildCommand<LogFlags, [], CliContext>({
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

export const logCommands = buildRouteMap<'verify' | 'checkpoint', CliContext>({
  routes: bare({ verify: verifyCommand, checkpoint: checkpointCommand }),
  aliases: bare({}),
  docs: { brief: 'The tamper-evident log: verify, checkpoint' },
})
