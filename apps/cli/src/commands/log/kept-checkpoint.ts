import { ours } from '../../called-as.ts'
import { closeSync, openSync, readSync } from 'node:fs'
import { resolve } from 'node:path'
import { CliError } from '../../cli-error.ts'
import type { CliContext } from '../../context.ts'
import { CHECKPOINT_FILE_BYTES } from '../../limits.ts'
import { inert } from '../../render/inert.ts'

/** A checkpoint that was kept outside the log. `note` is untrusted: nobody has looked at its signature yet. */
export type KeptCheckpoint = { readonly name: string; readonly note: string }

/** `--checkpoint`: what `log checkpoint` printed, from a file or, for `-`, from standard input. */
export async function readKeptCheckpoint(
  context: CliContext,
  path: string | undefined,
): Promise<KeptCheckpoint | undefined> {
  if (path === undefined) return undefined
  const bytes = path === '-' ? await context.readStdin(CHECKPOINT_FILE_BYTES + 1) : readFile(context.cwd, path)
  if (bytes.length === 0 || bytes.length > CHECKPOINT_FILE_BYTES) {
    throw new CliError('usage', `${inert(path)} is not a checkpoint`, {
      remedy: ours`holdfast log checkpoint prints one`,
    })
  }
  return { name: path === '-' ? 'standard input' : path, note: Buffer.from(bytes).toString() }
}

function readFile(cwd: string, path: string): Uint8Array {
  try {
    const file = openSync(resolve(cwd, path), 'r')
    try {
      // One byte more than any checkpoint has tells a longer file, of whatever length, from one.
      const bytes = Buffer.alloc(CHECKPOINT_FILE_BYTES + 1)
      return bytes.subarray(0, readSync(file, bytes))
    } finally {
      closeSync(file)
    }
  } catch (cause) {
    throw new CliError('not-found', `no checkpoint file ${inert(path)}`, { cause })
  }
}
