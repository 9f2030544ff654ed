import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { CliError } from '../cli-error.ts'
import { inert } from '../render/inert.ts'

/** `--key`: the C2SP verifier key itself (`name+id+base64`), or a file whose first line it is. */
export function readVerifierKey(cwd: string, text: string | undefined): { readonly key?: string } {
  if (text === undefined) return {}
  if (KEY.test(text)) return { key: text }
  try {
    const [line = ''] = readFileSync(resolve(cwd, text), 'utf8').split('\n')
    if (KEY.test(line.trim())) return { key: line.trim() }
  } catch (cause) {
    throw new CliError('not-found', `no key file ${inert(text)}`, { cause })
  }
  throw new CliError('usage', `${inert(text)} holds no key of the form name+id+base64`)
}

const KEY = /^[^\s+]+\+[0-9a-f]{8}\+[A-Za-z0-9+/=]+$/
