import { resolve } from 'node:path'
import type { CliContext } from '../../context.ts'
import { becomeServer } from '../../server/server-program.ts'
import type { UpFlags } from './command.ts'

/** Becomes the server; returns only where this platform cannot replace a process. */
export async function up(this: CliContext, flags: UpFlags): Promise<void> {
  await becomeServer(this, serverArguments(this, flags))
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
