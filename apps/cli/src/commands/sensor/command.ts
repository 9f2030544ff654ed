import { buildCommand, buildRouteMap } from '@stricli/core'
import { buildWritingCommand } from '../../writing-command.ts'
import type { CliContext } from '../../context.ts'
import { bare, dataFlag, outputFlags, type DataFlags, type OutputFlags } from '../../flags.ts'
import { REPORT_FORMATS, type ReportFormat } from '../../render/formats.ts'
import { documentation, textArgument } from '../documentation.ts'

export type TokenFlags = DataFlags & OutputFlags<ReportFormat>
export type RevokeFlags = DataFlags & { readonly yes: boolean }
export type SensorFolderFlags = { readonly data?: string }
export type EnrolFlags = SensorFolderFlags & { readonly server: string; readonly tokenFile: string }

const sensorFolder = {
  data: {
    kind: 'parsed',
    parse: String,
    optional: true,
    brief: 'Folder of the sensor on this host (default: .holdfast)',
    placeholder: 'DIR',
  },
} as const

const tokenCommand = buildWritingCommand<TokenFlags, []>({
  loader: async () => (await import('./run.ts')).sensorToken,
  parameters: {
    flags: bare({ ...dataFlag, ...outputFlags(REPORT_FORMATS, 'token, expiresInMs') }),
    aliases: bare({ o: 'output' }),
  },
  docs: documentation('Make a token that enrols one sensor of another host, once, within 15 minutes', [
    ['', 'prints it; it is shown this once'],
    ['> token.txt', 'for enrol --token-file token.txt on the other host'],
  ]),
})

const enrolCommand = buildCommand<EnrolFlags, [], CliContext>({
  loader: async () => (await import('./run.ts')).sensorEnrol,
  parameters: {
    flags: bare({
      ...sensorFolder,
      server: { kind: 'parsed', parse: String, brief: 'Server that made the token', placeholder: 'https://HOST:PORT' },
      tokenFile: {
        kind: 'parsed',
        parse: String,
        default: '-',
        brief: 'File with the token; - for stdin, since others of the host can read arguments',
        placeholder: 'FILE',
      },
    }),
    aliases: bare({}),
  },
  docs: documentation('Give the sensor of this host a key of its own and a certificate of the server', [
    ['--server https://collector:4320 --token-file token.txt', 'then: holdfast sensor run'],
  ]),
})

const runCommand = buildCommand<SensorFolderFlags, [], CliContext>({
  loader: async () => (await import('./run.ts')).sensorRun,
  parameters: { flags: bare(sensorFolder), aliases: bare({}) },
  docs: documentation('Run the sensor of this host for the server that it is enrolled at', [
    ['', 'until it is ended; what the server does not take yet waits on the disk'],
  ]),
})

const revokeCommand = buildWritingCommand<RevokeFlags, [string]>({
  loader: async () => (await import('./run.ts')).sensorRevoke,
  parameters: {
    flags: bare({
      ...dataFlag,
      yes: { kind: 'boolean', default: false, withNegated: false, brief: 'Do it' },
    }),
    aliases: bare({}),
    positional: { kind: 'tuple', parameters: [textArgument('SENSOR', 'Its id, as sensor enrol printed it')] },
  },
  docs: documentation('Refuse a sensor of another host from now on', [
    ['6f1c0b6e-6a52-4c53-9d0f-2a1f4be3a7d1 --yes', 'on connections that are open, too'],
  ]),
})

export const sensorCommands = buildRouteMap<'token' | 'enrol' | 'run' | 'revoke', CliContext>({
  routes: bare({ token: tokenCommand, enrol: enrolCommand, run: runCommand, revoke: revokeCommand }),
  aliases: bare({}),
  docs: { brief: 'Kernel sensors of other hosts: token, enrol, run, revoke' },
})
