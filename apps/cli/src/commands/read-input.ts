import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { CliError } from '../cli-error.ts'
import type { CliContext } from '../context.ts'
import { inert } from '../render/inert.ts'
import { statusOf } from '../status-of.ts'

/** A document that a command is given whole: a file, or standard input for `-`. `name` is what messages call it. */
export type Input = { readonly name: string; readonly text: string }

/** Throws `not-found` where there is no such file, and `usage` where it has more than `limit` bytes. */
export async function readInput(context: CliContext, file: string, limit: number): Promise<Input> {
  if (file === '-') return { name: 'standard input', text: Buffer.from(await context.readStdin(limit)).toString() }
  const path = resolve(context.cwd, file)
  const size = statusOf(path)?.size
  if (size === undefined) throw new CliError('not-found', `no file ${inert(path)} that can be read`)
  if (size > limit) throw new CliError('usage', `${inert(path)} has more than ${limit} bytes`)
  try {
    return { name: file, text: readFileSync(path, 'utf8') }
  } catch (cause) {
    throw new CliError('not-found', `no file ${inert(path)} that can be read`, { cause })
  }
}
