import { resolve } from 'node:path'
import type { CliContext } from '../../context.ts'
import { becomeServer } from '../../server/server-program.ts'
import { settle, type Where } from '../../settings/settings.ts'
import type { UpFlags } from './command.ts'

/** Becomes the server; returns only where this platform cannot replace a process. */
export async function up(this: CliContext, flags: UpFlags): Promise<void> {
  await becomeServer(this, serverArguments(this, withSettings(this, flags)))
}

/** The flags, and for what they leave open what environment and files say (settings/settings.ts). */
export function withSettings(where: Where, flags: UpFlags): UpFlags {
  const { data, host, httpPort, otlpHttpPort, otlpGrpcPort, sensorListen, rules, connectors } = flags
  const { forwardOtlp, forwardOtlpHeaders, sensor } = flags
  const given = {
    data,
    host,
    'http-port': httpPort,
    'otlp-http-port': otlpHttpPort,
    'otlp-grpc-port': otlpGrpcPort,
    'sensor-listen': sensorListen,
    rules,
    connectors,
    'forward-otlp': forwardOtlp,
    'forward-otlp-headers': forwardOtlpHeaders,
    sensor,
    // Its other side has no flag: not given, it says nothing.
    ...(flags.takeNextPort ? { 'take-next-port': true } : {}),
  }
  const said = Object.entries(given).filter(([, value]) => value !== undefined)
  const settled = settle(where, Object.fromEntries(said)).filter(
    ({ source }) => source !== 'default' && source !== 'not set',
  )
  const flagged = settled.map(({ name, value }) => [camel(name), value] as const)
  return { ...flags, ...(Object.fromEntries(flagged) as Partial<UpFlags>) } // each has the type of its flag, by the table
}

function camel(name: string): string {
  return name.replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase())
}

/** The flags of the server's program, which has the same ones. */
export function serverArguments(context: { readonly cwd: string }, flags: Partial<UpFlags>): readonly string[] {
  const valued: readonly (readonly [flag: string, value: string | number | undefined])[] = [
    ['--data', flags.data === undefined ? undefined : resolve(context.cwd, flags.data)],
    ['--http-port', flags.httpPort],
    ['--otlp-http-port', flags.otlpHttpPort],
    ['--otlp-grpc-port', flags.otlpGrpcPort],
    ['--host', flags.host],
    ['--sensor-listen', flags.sensorListen],
    ['--rules', flags.rules === undefined ? undefined : resolve(context.cwd, flags.rules)],
    ['--connectors', flags.connectors === undefined ? undefined : resolve(context.cwd, flags.connectors)],
    ['--forward-otlp', flags.forwardOtlp],
    [
      '--forward-otlp-headers',
      flags.forwardOtlpHeaders === undefined ? undefined : resolve(context.cwd, flags.forwardOtlpHeaders),
    ],
  ]
  const set: readonly (readonly [flag: string, isSet: boolean | undefined])[] = [
    ['--json', flags.json],
    ['--take-next-port', flags.takeNextPort],
    ['--open', flags.open],
    ['--no-sensor', flags.sensor === false],
  ]
  return [
    ...valued.flatMap(([flag, value]) => (value === undefined ? [] : [flag, String(value)])),
    ...set.flatMap(([flag, isSet]) => (isSet === true ? [flag] : [])),
  ]
}
