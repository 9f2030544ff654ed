import { randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** The folder's own token, made at first start, readable by its owner alone. Scripts keep working over a restart. */
export function loadToken(folder: string): string {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const path = join(folder, 'token')
  try {
    const known = readFileSync(path, 'utf8').trim()
    if (known.length >= 32) return known
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error) || error.code !== 'ENOENT') throw error
  }
  const token = `hft_${randomBytes(32).toString('base64url')}`
  writeFileSync(path, `${token}\n`, { mode: 0o600 })
  return token
}
