import { createPrivateKey, type KeyObject } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { CliError } from '../cli-error.ts'
import { inert } from '../render/inert.ts'

/** The private key that an agent proves its name with; throws `not-found` where the file holds none. */
export function ownKey(cwd: string, keyFile: string): KeyObject {
  try {
    return createPrivateKey(readFileSync(resolve(cwd, keyFile)))
  } catch (cause) {
    throw new CliError('not-found', `${inert(keyFile)} holds no private key in PEM that can be read`, { cause })
  }
}
