import { buildCommand } from '@stricli/core'
import type { CliContext } from '../../context.ts'
import { bare, parsePort } from '../../flags.ts'
import { documentation } from '../documentation.ts'

export type UpFlags = {
  readonly data?: string
  readonly httpPort?: number
  readonly otlpHttpPort?: number
  readonly otlpGrpcPort?: number
  readonly host?: string
  readonly json: boolean
  readonly takeNextPort: boolean
  readonly open: boolean
  readonly sensor?: boolean
  readonly sensorListen?: string
  readonly rules?: string
  readonly connectors?: string
  readonly forwardOtlp?: string
  readonly forwardOtlpHeaders?: string
}

const port = (brief: string) =>
  ({
    kind: 'parsed',
    parse: parsePort,
    optional: true,
    brief: `${brief}; 0 picks a free one`,
    placeholder: 'N',
  }) as const

export const upCommand = buildCommand<UpFlags, [], CliContext>({
  loader: async () => (await import('./run.ts')).up,
  parameters: {
    flags: bare({
      data: {
        kind: 'parsed',
        parse: String,
        optional: true,
        brief: 'Data folder (default: .holdfast)',
        placeholder: 'DIR',
      },
      httpPort: port('Port of the pages and the API (default: 4319)'),
      otlpHttpPort: port('Port of OTLP over HTTP (default: 4318)'),
      otlpGrpcPort: port('Port of OTLP over gRPC (default: 4317)'),
      host: {
        kind: 'parsed',
        parse: String,
        optional: true,
        brief: 'Address to listen on (default: 127.0.0.1)',
        placeholder: 'H',
      },
      json: { kind: 'boolean', default: false, withNegated: false, brief: 'Print one JSON line once it serves' },
      takeNextPort: {
        kind: 'boolean',
        default: false,
        withNegated: false,
        brief: 'Where a port is taken, name its owner and take the next',
      },
      open: { kind: 'boolean', default: false, withNegated: false, brief: 'Open the workspace in a browser' },
      sensorListen: {
        kind: 'parsed',
        parse: String,
        optional: true,
        brief: 'Address for sensors of other hosts (default: none)',
        placeholder: 'HOST:PORT',
      },
      rules: {
        kind: 'parsed',
        parse: String,
        optional: true,
        brief: 'Folder of rules of your own, beside those that ship (docs/rules.md)',
        placeholder: 'DIR',
      },
      connectors: {
        kind: 'parsed',
        parse: String,
        optional: true,
        brief: 'File that names whom the server may speak to (docs/connectors.md); nobody without one',
        placeholder: 'FILE',
      },
      forwardOtlp: {
        kind: 'parsed',
        parse: String,
        optional: true,
        brief: 'OTLP/HTTP endpoint that accepted telemetry is passed on to, once it is recorded (default: none)',
        placeholder: 'URL',
      },
      forwardOtlpHeaders: {
        kind: 'parsed',
        parse: String,
        optional: true,
        brief: 'File of headers for that endpoint, as Authorization: Bearer TOKEN',
        placeholder: 'FILE',
      },
      // Without a default, so that what was said goes before what environment and files say, whichever it is.
      sensor: { kind: 'boolean', optional: true, brief: 'Start the kernel sensor where it can run (default: yes)' },
    }),
    aliases: bare({}),
  },
  docs: documentation('Run the server: record, join, show', [
    ['', 'on .holdfast, loopback only, with a one-time sign-in link'],
    [
      '--data case-12 --http-port 0 --otlp-http-port 0 --otlp-grpc-port 0 --json',
      'for scripts: free ports, one JSON line',
    ],
  ]),
})
