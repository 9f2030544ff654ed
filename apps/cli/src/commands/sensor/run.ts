import { ours } from '../../called-as.ts'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { driverPath, enrolSensor } from '@holdfast/sensor'
import { CliError } from '../../cli-error.ts'
import type { CliContext } from '../../context.ts'
import { formatOf, printDocument, say } from '../../render/output.ts'
import { openApi } from '../../server/api.ts'
import { becomeProgram } from '../../server/server-program.ts'
import type { EnrolFlags, RevokeFlags, SensorFolderFlags, TokenFlags } from './command.ts'

/** Prints a token; what else there is to say goes beside it, so that it can be written to a file. */
export async function sensorToken(this: CliContext, flags: TokenFlags): Promise<void> {
  const made = await openApi(this, flags).call('makeSensorToken', { body: {} })
  const format = formatOf(flags, 'table')
  if (format !== 'table') return printDocument(this, format, made)
  this.stdout.write(`${made.token}\n`)
  say(this, `enrols one sensor within ${made.expiresInMs / 60_000} minutes; shown this once`)
}

/** Enrols this host and prints the name that its sensor got. */
export async function sensorEnrol(this: CliContext, flags: EnrolFlags): Promise<void> {
  if (URL.parse(flags.server)?.protocol !== 'https:')
    throw new CliError('usage', `--server ${flags.server}: https://HOST:PORT is meant`)
  try {
    const token = readFileSync(flags.tokenFile === '-' ? 0 : resolve(this.cwd, flags.tokenFile), 'utf8').trim()
    const sensor = await enrolSensor({ data: folderOf(this, flags), url: flags.server, token })
    this.stdout.write(`${sensor}\n`)
  } catch (error) {
    throw new CliError('unavailable', `not enrolled: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
      remedy: ours`holdfast sensor token on the host of the server, and its --sensor-listen address here`,
    })
  }
}

/** Becomes the driver of the sensor. */
export async function sensorRun(this: CliContext, flags: SensorFolderFlags): Promise<void> {
  const program = driverPath()
  const conditions = program.endsWith('.ts') ? ['--conditions=@holdfast/source'] : []
  const data = folderOf(this, flags)
  await becomeProgram(this, ['--disable-warning=ExperimentalWarning', ...conditions, program, '--data', data])
}

export async function sensorRevoke(this: CliContext, flags: RevokeFlags, sensor: string): Promise<void> {
  if (!flags.yes && this.isDryRun !== true) throw new CliError('usage', 'nothing was done', { remedy: 'add --yes' })
  await openApi(this, flags).call('revokeSensor', { params: { sensor }, body: {} })
  say(this, 'revoked')
}

function folderOf(context: CliContext, flags: SensorFolderFlags): string {
  return resolve(context.cwd, flags.data ?? '.holdfast')
}
