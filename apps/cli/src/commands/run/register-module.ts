import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** The SDK module that Node loads before an agent, in a checkout or built; undefined where this installation has none. */
export function registerModule(): string | undefined {
  const isSource = import.meta.url.endsWith('.ts')
  const path = isSource
    ? '../../../../../packages/sdk/dist/register/index.js'
    : '../../../../sdk/dist/register/index.js'
  const url = new URL(path, import.meta.url)
  return existsSync(fileURLToPath(url)) ? url.href : undefined
}
