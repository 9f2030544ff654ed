import { readFileSync } from 'node:fs'
import { SECRET_CHARACTERS, type SecretPlace } from '@holdfast/connectors'

/** Reads a secret from where the configuration says it stands. Throws an Error that names the place and never the secret. */
export function readSecret({ env, file }: SecretPlace): string {
  const place = env === undefined ? `file ${file ?? ''}` : `variable ${env}`
  const text = (env === undefined ? readText(file ?? '') : (process.env[env] ?? '')).trim()
  if (text === '') throw new TypeError(`${place} holds no secret`)
  if (text.length > SECRET_CHARACTERS) throw new TypeError(`${place} holds more than a secret`)
  return text
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new TypeError(
      `file ${file} cannot be read: ${error instanceof Error && 'code' in error ? String(error.code) : 'it failed'}`,
      {
        cause: error,
      },
    )
  }
}
